import { lanes, splatFrom, storePartial } from './vectors';

// Element by element over whole vectors: the padding behind a tensor may be overwritten. The result may be one of the arguments.

export function add<T>(a: usize, b: usize, out: usize, count: i32): void {
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    v128.store(out + i, v128.add<T>(v128.load(a + i), v128.load(b + i)));
  }
}

export function subtract<T>(a: usize, b: usize, out: usize, count: i32): void {
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    v128.store(out + i, v128.sub<T>(v128.load(a + i), v128.load(b + i)));
  }
}

export function multiply<T>(a: usize, b: usize, out: usize, count: i32): void {
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    v128.store(out + i, v128.mul<T>(v128.load(a + i), v128.load(b + i)));
  }
}

/** out = s x */
export function scale<T>(x: usize, out: usize, count: i32, s: v128): void {
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    v128.store(out + i, v128.mul<T>(s, v128.load(x + i)));
  }
}

export function fill<T>(out: usize, count: i32, s: v128): void {
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) v128.store(out + i, s);
}

/** out[i, :] = x[i, :] + bias */
export function addBias<T>(x: usize, bias: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      storePartial<T>(out + at, v128.add<T>(v128.load(x + at), v128.load(bias + at)), columns - j);
    }
    x += row;
    out += row;
  }
}

/** s x with s read from memory in the program's precision. */
export function scaleBy<T>(x: usize, out: usize, count: i32, s: usize): void {
  scale<T>(x, out, count, splatFrom<T>(s));
}
