/** What the parts of a drawing share. */
import type { Layout } from './layout.ts';
import { position } from './layout.ts';
import type { ColourToken, FigureSpec, LinkKey, Theme } from './spec.ts';

/** The little of an SVG element that drawing needs; elements of every DOM have it. */
export interface SvgNode {
  readonly tagName: string;
  textContent: string | null;
  readonly children: ArrayLike<SvgNode>;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  removeAttribute(name: string): void;
  appendChild(child: SvgNode): unknown;
  insertBefore(child: SvgNode, before: SvgNode | null): unknown;
  remove(): void;
  querySelectorAll(selector: string): ArrayLike<SvgNode>;
}

export interface SvgDocument {
  createElementNS(namespace: string, name: string): SvgNode;
}

export interface DrawOptions {
  /** The page's document, or one of happy-dom. */
  readonly document: object;
  readonly theme: Theme;
  /** Size in px. Below about 160 x 100 little but the lines is left. */
  readonly width: number;
  readonly height: number;
  readonly fontFamily: string;
  /** Marks with this key stand out, others step back. */
  readonly highlight?: LinkKey;
  /** A drawing that stands alone: opaque ground, title, notes, and a `title` element on every value. */
  readonly paper?: boolean;
  /** Of a drawing that stands alone: how many times as large letters and lines are as on the screen; 1 unless told. */
  readonly magnification?: number;
  /** Of a drawing that stands alone: nothing is drawn behind it. */
  readonly transparent?: boolean;
}

export interface Pen {
  readonly spec: FigureSpec;
  readonly layout: Layout;
  readonly options: DrawOptions;
  readonly colour: (token: ColourToken) => string;
  readonly ground: string;
  /** Appends an element to the drawing (or to `parent`) and gives it back. */
  readonly add: (name: string, attributes: Readonly<Record<string, string | number>>, text?: string, parent?: SvgNode) => SvgNode;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Lines of up to this many points show them. */
export const fewPoints = 12;

/** How strongly a mark is drawn beside the highlighted one. */
export const presence = (key: LinkKey | undefined, highlight: LinkKey | undefined): number =>
  highlight === undefined || key === highlight ? 1 : 0.22;

/** A coordinate as it is written, to a hundredth of a px. */
export const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** Whether a point lies in the frame. */
export const isShown = (point: { readonly x: number; readonly y: number }, spec: FigureSpec, layout: Layout): boolean => {
  const [across, up] = [position(spec.x.scale, layout.x.domain, point.x), position(spec.y.scale, layout.y.domain, point.y)];
  return across >= 0 && across <= 1 && up >= 0 && up <= 1;
};
