/** Elements of arrays as files hold them, one type a line. */

/** Reads the element that begins at a byte. */
export type ElementReader = (view: DataView, at: number) => number;

/** The number that 16 bits stand for (IEEE 754 binary16). */
export function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

const scratch = new DataView(new ArrayBuffer(4));
/** The upper half of a binary32 (bfloat16). */
function brain(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** A type of elements: bytes of one, whether doubles are needed to hold it exactly, and how it is read in either byte order. */
export interface ElementType {
  readonly bytes: number;
  /** Every element is a binary32, so that a Float32Array holds it exactly. */
  readonly single: boolean;
  reader(little: boolean): ElementReader;
}

const type = (bytes: number, single: boolean, reader: (little: boolean) => ElementReader): ElementType => ({ bytes, single, reader });

/** Types by NumPy's kind and bytes; `bf2` is bfloat16, which NumPy lacks. Integers of 64 bits beyond 2^53 are rounded. */
export const elementTypes: Readonly<Record<string, ElementType>> = {
  f8: type(8, false, (little) => (view, at) => view.getFloat64(at, little)),
  f4: type(4, true, (little) => (view, at) => view.getFloat32(at, little)),
  f2: type(2, true, (little) => (view, at) => half(view.getUint16(at, little))),
  bf2: type(2, true, (little) => (view, at) => brain(view.getUint16(at, little))),
  i8: type(8, false, (little) => (view, at) => Number(view.getBigInt64(at, little))),
  i4: type(4, false, (little) => (view, at) => view.getInt32(at, little)),
  i2: type(2, false, (little) => (view, at) => view.getInt16(at, little)),
  i1: type(1, false, () => (view, at) => view.getInt8(at)),
  u8: type(8, false, (little) => (view, at) => Number(view.getBigUint64(at, little))),
  u4: type(4, false, (little) => (view, at) => view.getUint32(at, little)),
  u2: type(2, false, (little) => (view, at) => view.getUint16(at, little)),
  u1: type(1, false, () => (view, at) => view.getUint8(at)),
  b1: type(1, false, () => (view, at) => (view.getUint8(at) ? 1 : 0)),
};

/** The type of that name, own names only. */
export const elementType = (name: string): ElementType | null => (Object.hasOwn(elementTypes, name) ? elementTypes[name]! : null);

/** Where an element that C order has at `place` lies in Fortran order. */
export function fortranPlace(shape: readonly number[]): (place: number) => number {
  return (place) => {
    let [rest, fortran] = [place, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      let stride = 1;
      for (let before = 0; before < axis; before++) stride *= shape[before]!;
      fortran += (rest % shape[axis]!) * stride;
      rest = Math.floor(rest / shape[axis]!);
    }
    return fortran;
  };
}
