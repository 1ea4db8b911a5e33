declare module 'gifenc' {
  type Palette = number[][];
  interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options: { palette: Palette; delay: number }): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  export function GIFEncoder(): Encoder;
  export function quantize(rgba: Uint8Array, colours: number, options: { format: 'rgb565' }): Palette;
  export function applyPalette(rgba: Uint8Array, palette: Palette, format: 'rgb565'): Uint8Array;
}
