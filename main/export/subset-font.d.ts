declare module 'subset-font' {
  /** The part of a font that `text` needs, in its own layout tables. */
  export default function subsetFont(font: Buffer, text: string, options: { targetFormat: 'sfnt' | 'woff' | 'woff2' }): Promise<Buffer>;
}
