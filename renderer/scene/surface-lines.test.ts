import fc from 'fast-check';
import { Scene } from 'three';
import { describe, expect, it } from 'vitest';
import { Lines, spread } from './surface-lines.ts';

const pieces = (count: number) => Float32Array.from({ length: count * 6 }, (_, i) => i);

describe('lines on a surface', () => {
  it('give every corner of a piece both of its ends, and leave the rest alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), (count) => {
        const out = new Float32Array((count + 1) * 24).fill(-1);
        spread(pieces(count + 1), count, out);
        for (let vertex = 0; vertex < count * 4; vertex += 1) {
          const first = Math.floor(vertex / 4) * 6;
          expect([...out.subarray(vertex * 6, vertex * 6 + 6)]).toEqual([0, 1, 2, 3, 4, 5].map((k) => first + k));
        }
        expect([...out.subarray(count * 24)].every((value) => value === -1)).toBe(true);
      }),
    );
  });

  it('are plain triangles, since instances cost a processor a call each, and keep their arrays while they suffice', () => {
    const lines = new Lines(new Scene(), 1, 1);
    lines.update(pieces(8), 5);
    const { geometry } = lines.mesh;
    expect(geometry.type).toBe('BufferGeometry');
    expect(geometry.drawRange).toEqual({ start: 0, count: 30 });
    expect([...geometry.index!.array.subarray(6, 12)]).toEqual([4, 5, 6, 4, 6, 7]);
    lines.update(pieces(8), 8);
    expect(lines.mesh.geometry).toBe(geometry);
    expect(geometry.drawRange.count).toBe(48);
    lines.update(pieces(16), 9);
    expect(lines.mesh.geometry).not.toBe(geometry);
    lines.update(pieces(16), 0);
    expect(lines.mesh.visible).toBe(false);
    lines.dispose();
  });
});
