/** How much an imported dataset may hold: enough for small networks, little enough that no file can exhaust a machine. */

/** Bytes of a file. */
export const mostBytes = 128 * 1024 * 1024;
export const mostRows = 1_000_000;
export const mostColumns = 8192;
/** Rows times columns, of a file and of what a network gets. */
export const mostCells = 1 << 24;
/** Categories of a text column that become inputs of their own, one each. */
export const mostCategories = 64;
export const mostClasses = 1000;
/** Rows without which there is nothing to train on and test with. */
export const fewestRows = 4;

/** 1,234,567. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
