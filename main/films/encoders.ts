/** Encoders of films: frames go in one by one, a file comes out. */
import LibAV from '@libav.js/variant-webm-vp9';
import { Zip, ZipPassThrough } from 'fflate';
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import { withText } from '#app/figures/png.ts';
import type { FilmFormat } from '#app/films/formats.ts';

/** A drawn frame: `pixels` are RGBA, row by row, opaque. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  /** The same as a PNG file, made when it is asked for. */
  readonly png: () => Uint8Array;
}

export interface Encoder {
  /** @param repeats how many frames long it is shown */
  add(frame: Frame, repeats: number): Promise<void>;
  end(): Promise<Uint8Array>;
}

export interface FilmInfo {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Where the film came from, as JSON in ASCII. */
  readonly provenance: string;
  readonly title: string;
}

export const openEncoder = (format: FilmFormat, info: FilmInfo): Promise<Encoder> =>
  ({
    webm: openWebm,
    gif: (given: FilmInfo) => Promise.resolve(openGif(given)),
    png: (given: FilmInfo) => Promise.resolve(openFrames(given)),
  })[format](info);

/** AVFMT_FLAG_BITEXACT of libavformat. */
const bitexact = 0x400;

/** VP9 in WebM. Sides have to be even: the last row or column is left out where they are not. */
async function openWebm({ width: given, height: high, framesPerSecond, provenance, title }: FilmInfo): Promise<Encoder> {
  const [width, height] = [given & ~1, high & ~1];
  const libav = await LibAV.LibAV({ noworker: true, nothreads: true });
  // Only errors are of interest, and they are thrown.
  await libav.av_log_set_level(libav.AV_LOG_QUIET);
  const timeBase: [number, number] = [1, framesPerSecond];
  const [, context, frame, packet] = await libav.ff_init_encoder('libvpx-vp9', {
    ctx: {
      bit_rate: Math.round(width * height * framesPerSecond * 0.12),
      pix_fmt: libav.AV_PIX_FMT_YUV420P,
      width,
      height,
      framerate_num: framesPerSecond,
      framerate_den: 1,
    },
    time_base: timeBase,
    options: { deadline: 'realtime', 'cpu-used': '6', 'row-mt': '0' },
  });
  const [output, , io] = await libav.ff_init_muxer({ format_name: 'webm', filename: 'film.webm', open: true }, [[context, ...timeBase]]);
  // Else every file has a random name of its own inside.
  await libav.AVFormatContext_flags_s(output, (await libav.AVFormatContext_flags(output)) | bitexact);
  await libav.avformat_write_header(output, 0);
  const planes = new Uint8Array((width * height * 3) / 2);
  let time = 0;
  const encode = async (frames: readonly object[], flush: boolean): Promise<void> => {
    const packets = await libav.ff_encode_multi(context, frame, packet, frames as never, flush);
    await libav.ff_write_multi(output, packet, packets);
  };
  return {
    async add({ pixels, width: stride }, repeats) {
      toYuv(pixels, stride, width, height, planes);
      const layout = [
        { offset: 0, stride: width },
        { offset: width * height, stride: width / 2 },
        { offset: (width * height * 5) / 4, stride: width / 2 },
      ];
      for (let repeat = 0; repeat < repeats; repeat++)
        await encode([{ data: planes.slice(), layout, format: libav.AV_PIX_FMT_YUV420P, width, height, pts: time++, ptshi: 0 }], false);
    },
    async end() {
      await encode([], true);
      await libav.av_write_trailer(output);
      await libav.ff_free_muxer(output, io);
      const bytes = await libav.readFile('film.webm');
      libav.terminate();
      return withTags(bytes, title, provenance);
    },
  };
}

/** BT.601, studio swing, which WebM players assume where a file does not say. Chroma is the mean of four pixels. */
export function toYuv(pixels: Uint8Array, stride: number, width: number, height: number, out: Uint8Array): void {
  const chroma = width * height;
  const quarter = chroma / 4;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let [red, green, blue] = [0, 0, 0];
      for (let dy = 0; dy < 2; dy++) {
        for (let dx = 0; dx < 2; dx++) {
          const at = 4 * ((y + dy) * stride + x + dx);
          const [r, g, b] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
          out[(y + dy) * width + x + dx] = 16 + (65.738 * r + 129.057 * g + 25.064 * b) / 256 + 0.5;
          red += r;
          green += g;
          blue += b;
        }
      }
      const at = (y / 2) * (width / 2) + x / 2;
      out[chroma + at] = 128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 1024 + 0.5;
      out[chroma + quarter + at] = 128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 1024 + 0.5;
    }
  }
}

/** Appends title and provenance as WebM tags: an element at the end of the segment, whose size is left open or made to fit. */
function withTags(bytes: Uint8Array, title: string, provenance: string): Uint8Array {
  const text = new TextEncoder();
  const element = (id: readonly number[], content: Uint8Array): Uint8Array => {
    const size = new Uint8Array(8);
    new DataView(size.buffer).setBigUint64(0, 0x0100000000000000n | BigInt(content.length));
    return joined([Uint8Array.from(id), size, content]);
  };
  const tag = (name: string, value: string): Uint8Array =>
    element([0x67, 0xc8], joined([element([0x45, 0xa3], text.encode(name)), element([0x44, 0x87], text.encode(value))]));
  const tags = element([0x12, 0x54, 0xc3, 0x67], element([0x73, 0x73], joined([tag('TITLE', title), tag('LOTKA', provenance)])));
  const segment = findSegment(bytes);
  const whole = joined([bytes, tags]);
  if (segment) new DataView(whole.buffer).setBigUint64(segment, 0x0100000000000000n | BigInt(whole.length - segment - 8));
  return whole;
}

/** Where the eight bytes of the segment's size lie; null if it has fewer, or none. */
function findSegment(bytes: Uint8Array): number | null {
  for (let at = 0; at + 12 < Math.min(bytes.length, 256); at++)
    if (bytes[at] === 0x18 && bytes[at + 1] === 0x53 && bytes[at + 2] === 0x80 && bytes[at + 3] === 0x67)
      return bytes[at + 4] === 1 ? at + 4 : null;
  return null;
}

/** 256 colours a frame, shown for hundredths of a second, for ever in a loop. */
function openGif({ framesPerSecond, provenance }: FilmInfo): Encoder {
  const encoder = GIFEncoder();
  let time = 0;
  return {
    add({ pixels, width, height }, repeats) {
      const palette = quantize(pixels, 256, { format: 'rgb565' });
      const until = time + repeats;
      // Hundredths add up to the true length, whatever the rate.
      const delay = 10 * (Math.round((100 * until) / framesPerSecond) - Math.round((100 * time) / framesPerSecond));
      time = until;
      encoder.writeFrame(applyPalette(pixels, palette, 'rgb565'), width, height, { palette, delay });
      return Promise.resolve();
    },
    end() {
      encoder.finish();
      return Promise.resolve(withComment(encoder.bytes(), provenance));
    },
  };
}

/** Puts a comment extension before the end of a GIF, in blocks of 255 bytes. */
function withComment(bytes: Uint8Array, comment: string): Uint8Array {
  const text = new TextEncoder().encode(`lotka ${comment}`);
  const blocks: Uint8Array[] = [Uint8Array.of(0x21, 0xfe)];
  for (let at = 0; at < text.length; at += 255) {
    const block = text.subarray(at, at + 255);
    blocks.push(Uint8Array.of(block.length), block);
  }
  return joined([bytes.subarray(0, -1), ...blocks, Uint8Array.of(0), Uint8Array.of(0x3b)]);
}

/** Frames as PNG files in a zip archive, numbered; a frame that stays is there as often as it is shown. */
function openFrames({ provenance }: FilmInfo): Encoder {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    parts.push(chunk);
  });
  let number = 0;
  return {
    add({ png }, repeats) {
      const bytes = withText(png(), 'lotka', provenance);
      for (let repeat = 0; repeat < repeats; repeat++) {
        const file = new ZipPassThrough(`frame-${String(++number).padStart(5, '0')}.png`);
        file.mtime = new Date(1980, 0, 1);
        zip.add(file);
        file.push(bytes, true);
      }
      return Promise.resolve();
    },
    end() {
      zip.end();
      return Promise.resolve(joined(parts));
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
