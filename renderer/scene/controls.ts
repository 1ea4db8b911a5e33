/** Mouse, touch and keyboard to camera moves. It knows no scene: it only says what was asked. */

export interface ControlTarget {
  /** Radians. */
  turn(azimuth: number, elevation: number): void;
  /** CSS px. */
  pan(dx: number, dy: number): void;
  /** About a point in CSS px from the upper left corner; without one about the middle. */
  zoom(factor: number, x?: number, y?: number): void;
  fit(): void;
  reset(): void;
  /** Pointer without buttons at CSS px; null when it left. */
  point(x: number | null, y: number): void;
  /** The next (1) or previous (-1) group for the keyboard, or none (0). */
  cycle(direction: 1 | -1 | 0): void;
  /** A click or tap on what was pointed at last. */
  choose?(): void;
}

/** Radians a px of drag turns. */
const turnPerPixel = 0.008;
const keyTurn = Math.PI / 36;
const keyPan = 24;
const keyZoom = 1.15;

/** Keys as help and screen readers tell them. */
export const sceneKeys =
  'Arrow keys turn, Shift with arrow keys moves, plus and minus zoom, F fits, 0 resets, N and P step through the groups, Escape leaves them.';

/** Listens on `element`. @returns a function that stops listening */
export function attachControls(element: HTMLElement, target: ControlTarget): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let dragged = false;

  const local = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const down = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button > 2) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, local(event));
    dragged = false;
  };

  const move = (event: PointerEvent) => {
    const here = local(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') target.point(here.x, here.y);
      return;
    }
    const dx = here.x - before.x;
    const dy = here.y - before.y;
    if (dx === 0 && dy === 0) return;
    if (pointers.size === 2) pinch(event.pointerId, before, here);
    else if (event.shiftKey || (event.buttons & 6) !== 0) target.pan(dx, dy);
    else target.turn(-dx * turnPerPixel, dy * turnPerPixel);
    pointers.set(event.pointerId, here);
    dragged = true;
  };

  const pinch = (moved: number, before: { x: number; y: number }, here: { x: number; y: number }) => {
    for (const [id, other] of pointers) {
      if (id === moved) continue;
      const wide = Math.hypot(before.x - other.x, before.y - other.y);
      const now = Math.hypot(here.x - other.x, here.y - other.y);
      target.pan((here.x - before.x) / 2, (here.y - before.y) / 2);
      if (wide > 8) target.zoom(now / wide, (here.x + other.x) / 2, (here.y + other.y) / 2);
    }
  };

  const up = (event: PointerEvent) => {
    const here = local(event);
    // A tap points at what it touched: there is no hovering on a touch screen.
    if (pointers.delete(event.pointerId) && !dragged && event.type === 'pointerup') {
      target.point(here.x, here.y);
      if (event.button === 0) target.choose?.();
    }
  };

  const leave = () => {
    if (pointers.size === 0) target.point(null, 0);
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { x, y } = local(event);
    const lines = event.deltaMode === 1 ? 16 : 1;
    target.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) * (event.ctrlKey ? 0.01 : 0.002)), x, y);
  };

  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (arrow) {
      if (event.shiftKey) target.pan(arrow[0] * keyPan, arrow[1] * keyPan);
      else target.turn(-arrow[0] * keyTurn, arrow[1] * keyTurn);
    } else if (event.key === '+' || event.key === '=') target.zoom(keyZoom);
    else if (event.key === '-' || event.key === '_') target.zoom(1 / keyZoom);
    else if (event.key === 'f' || event.key === 'F') target.fit();
    else if (event.key === '0' || event.key === 'Home') target.reset();
    else if (event.key === 'n' || event.key === 'N') target.cycle(1);
    else if (event.key === 'p' || event.key === 'P') target.cycle(-1);
    else if (event.key === 'Escape') target.cycle(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const fit = () => target.fit();
  const noMenu = (event: Event) => event.preventDefault();
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('keydown', key);
  element.addEventListener('dblclick', fit);
  element.addEventListener('contextmenu', noMenu);
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('keydown', key);
    element.removeEventListener('dblclick', fit);
    element.removeEventListener('contextmenu', noMenu);
  };
}
