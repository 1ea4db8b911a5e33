/** Room around a map for its axes, in px. */
export const margins = { left: 94, right: 16, top: 10, bottom: 46 } as const;
