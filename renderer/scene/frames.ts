/** Drawing on demand: one animation frame serves all scenes that asked for one, and none is asked for while nothing moves. */

export interface Drawable {
  /** Draws itself. @returns true to be drawn again in the next frame */
  draw(now: number): boolean;
}

let waiting = new Set<Drawable>();
let drawing = new Set<Drawable>();
let scheduled = 0;
let lastFrame = 0;
const listeners = new Set<(milliseconds: number) => void>();

/** Asks for `drawable` to be drawn in the next animation frame. Asking twice is asking once. */
export function requestDraw(drawable: Drawable): void {
  waiting.add(drawable);
  if (scheduled === 0) scheduled = requestAnimationFrame(frame);
}

/** Takes a request back, for a view that goes away. */
export function forgetDraw(drawable: Drawable): void {
  waiting.delete(drawable);
  drawing.delete(drawable);
}

/** Calls back with the time between two consecutive frames in ms, while frames follow each other. @returns a function that stops it */
export function onFrameTime(listener: (milliseconds: number) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function frame(now: number): void {
  scheduled = 0;
  if (lastFrame > 0) for (const listener of listeners) listener(now - lastFrame);
  const due = waiting;
  waiting = drawing;
  drawing = due;
  for (const drawable of due) if (drawable.draw(now)) waiting.add(drawable);
  due.clear();
  const more = waiting.size > 0;
  lastFrame = more ? now : 0;
  if (more && scheduled === 0) scheduled = requestAnimationFrame(frame);
}
