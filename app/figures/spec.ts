/**
 * A figure as plain data: what is drawn, not how. Three hands draw it: a canvas for live curves,
 * Observable Plot for everything else on screen, and Observable Plot again in Node for exports.
 */

export type Theme = 'light' | 'dark';

/**
 * A colour by meaning; the theme gives the value. `f1`..`f8` are the colours of the survivors, cyclic beyond eight;
 * `dead` is everything that did not survive.
 */
export type ColourToken =
  'ink' | 'ink-2' | 'ink-3' | 'line' | 'accent' | 'good' | 'warn' | 'bad' | 'dead' | PhaseToken | `f${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** The four phases of learning: distinct in lightness as well as hue. */
export type PhaseToken = 'comprehension' | 'grokking' | 'memorization' | 'confusion';

/** Names the thing that a mark shows, e.g. `k=5`. Hovering one mark highlights the same key in every panel. */
export type LinkKey = string;

export interface Axis {
  readonly label: string;
  /** Shown in brackets behind the label; empty for pure numbers. */
  readonly unit: string;
  /** A `category` axis counts: only whole numbers get ticks. */
  readonly scale: 'linear' | 'log' | 'symlog' | 'category';
  readonly domain?: readonly [number, number];
}

/** A row or a column of a map. */
export interface CellsHeader {
  readonly label: string;
  /** What its label tells in a few digits, in full. */
  readonly value?: number;
  readonly key?: LinkKey;
  readonly colour?: ColourToken;
  /** Its name where not all have room and only those that have this are named, e.g. powers of ten. */
  readonly major?: string;
  /** Its middle as a share of the frame, if cells are not of one size. */
  readonly at?: number;
}

export type Mark =
  | {
      readonly kind: 'line';
      readonly key?: LinkKey;
      readonly label: string;
      readonly x: ArrayLike<number>;
      readonly y: ArrayLike<number>;
      readonly colour: ColourToken;
      /** Stroke width in px; 1.5 unless told. */
      readonly width?: number;
      readonly dash?: boolean;
      /** Listed in the legend. */
      readonly legend?: boolean;
    }
  | {
      readonly kind: 'points';
      readonly points: readonly {
        readonly x: number;
        readonly y: number;
        readonly key?: LinkKey;
        readonly label?: string;
        readonly colour: ColourToken;
        readonly filled: boolean;
      }[];
    }
  | {
      readonly kind: 'cells';
      /** Names of the rows top to bottom and the columns left to right. */
      readonly rows: readonly CellsHeader[];
      readonly columns: readonly CellsHeader[];
      /** Row-major. */
      readonly values: ArrayLike<number>;
      /** Of `category` each value is an index into `categories`. */
      readonly scale: 'diverging' | 'sequential' | 'category';
      /** Diverging: [-limit, limit] around 0. */
      readonly domain: readonly [number, number];
      readonly valueLabel: string;
      readonly categories?: readonly { readonly label: string; readonly colour: ColourToken }[];
      /** Equal steps of the values' logarithm are equal steps of colour. Sequential only. */
      readonly logarithmic?: boolean;
      /** True if cells fill the frame, whatever their shape; square unless told. */
      readonly stretched?: boolean;
      /** What cells are hatched for; the first leans right, the second left. */
      readonly hatches?: readonly { readonly label: string; readonly cells: readonly number[] }[];
      /** Cells with a dot in their middle, and what that means. */
      readonly dots?: { readonly label: string; readonly cells: readonly number[] };
      /**
       * Where cells lie that are not of one size: left, top, right and bottom as shares of the frame. Later ones are laid over earlier
       * ones; cells that are not listed are not drawn.
       */
      readonly tiles?: readonly { readonly cell: number; readonly box: readonly [number, number, number, number] }[];
      /** A finer map of the same categories that is drawn instead of the cells' colours. */
      readonly smooth?: { readonly columns: number; readonly rows: number; readonly values: ArrayLike<number> };
      /**
       * Lines over the map, in cells: (0, 0) is the middle of the first cell, x to the right, y down. Four numbers a piece: x, y to x, y.
       * White, or heavier in a colour that sets one apart from the others.
       */
      readonly lines?: readonly { readonly label: string; readonly pieces: readonly number[]; readonly colour?: ColourToken }[];
      /** Value of another map in each cell, drawn as a smaller square inside; NaN for none. */
      readonly inner?: { readonly label: string; readonly values: ArrayLike<number> };
    }
  | {
      /** What lies between two lines over the same x, e.g. least and greatest of some repetitions; drawn weak, behind what follows. */
      readonly kind: 'band';
      readonly label: string;
      readonly x: ArrayLike<number>;
      readonly low: ArrayLike<number>;
      readonly high: ArrayLike<number>;
      readonly colour: ColourToken;
    }
  | {
      /** A stretch of an axis, shaded across the figure. */
      readonly kind: 'span';
      readonly axis: 'x' | 'y';
      readonly from: number;
      readonly to: number;
      readonly colour: ColourToken;
    }
  | {
      readonly kind: 'rule';
      readonly axis: 'x' | 'y';
      readonly at: number;
      readonly label?: string;
      readonly colour: ColourToken;
      readonly dash?: boolean;
    };

export interface FigureSpec {
  readonly id: string;
  readonly title: string;
  /** Right of the title: the one number a reader wants, e.g. `AUC 0.86`. */
  readonly aside?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
  /** Sentences under the figure, e.g. `describes, does not forecast`. */
  readonly notes?: readonly { readonly text: string; readonly tone?: 'good' | 'warn' | 'bad' }[];
}
