import { describe, expect, it } from 'vitest';
import { SceneBuffers, dimmed } from './buffers.ts';
import { exampleScene } from './example.test-data.ts';
import { pick } from './pick.ts';

describe('scene buffers', () => {
  it('hold world coordinates and links of all groups', () => {
    const buffers = new SceneBuffers();
    const scene = exampleScene({ count: 2, points: 4 });
    buffers.update(scene);
    buffers.blend(1);
    expect(buffers.count).toBe(8);
    expect([...buffers.positions.subarray(12, 15)]).toEqual([1.5 + 1, 0, 0]);
    expect([...buffers.links.subarray(8, 12)]).toEqual([4, 5, 5, 6]);
    expect([...buffers.groupOf]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('move groups that stay from where they are shown, and change no structure', () => {
    const buffers = new SceneBuffers();
    buffers.update(exampleScene({ radius: 1 }));
    buffers.blend(1);
    const { structure, positions } = buffers;
    buffers.update(exampleScene({ radius: 3 }));
    buffers.blend(0);
    expect(buffers.positions[0]).toBeCloseTo(-3 + 1);
    buffers.blend(0.5);
    expect(buffers.positions[0]).toBeCloseTo(-3 + 2);
    expect(buffers.structure).toBe(structure);
    expect(buffers.positions).toBe(positions);
  });

  it('keep the place of a group when others come or go', () => {
    const buffers = new SceneBuffers();
    buffers.update(exampleScene({ count: 3 }));
    buffers.blend(1);
    const last = buffers.positions.slice(24 * 3, 36 * 3);
    const scene = exampleScene({ count: 3 });
    buffers.update({ ...scene, groups: scene.groups.slice(2) });
    buffers.blend(0);
    expect([...buffers.positions]).toEqual([...last]);
  });

  it('brighten the hovered group and dim the others; an unknown key dims none', () => {
    const buffers = new SceneBuffers();
    buffers.update(exampleScene({ count: 3 }));
    buffers.setHover('k=2');
    buffers.blend(1);
    expect([...buffers.opacity].map((opacity) => Math.round(opacity * 100))).toEqual([100 * dimmed, 100, 100 * dimmed].map(Math.round));
    buffers.setHover('k=99');
    buffers.blend(1);
    expect([...buffers.opacity]).toEqual([1, 1, 1]);
  });

  it('fade and shrink with vitality', () => {
    const buffers = new SceneBuffers();
    buffers.update(exampleScene({ count: 1, vitality: 0 }));
    buffers.blend(1);
    expect(buffers.opacity[0]).toBeLessThan(0.25);
    expect(buffers.size[0]).toBeLessThan(0.7);
  });

  it('sort points farthest first', () => {
    const buffers = new SceneBuffers();
    buffers.update(exampleScene({ count: 1, points: 5 }));
    buffers.screen.set([0, 0, 3, 0, 0, -1, 0, 0, 2, 0, 0, -5, 0, 0, 0]);
    buffers.sort();
    expect([...buffers.order]).toEqual([3, 1, 4, 2, 0]);
  });

  it('are picked by the nearest point, in front where two coincide, else by the nearest link', () => {
    const buffers = new SceneBuffers();
    buffers.update(exampleScene({ count: 2, points: 2 }));
    buffers.screen.set([10, 10, 0, 110, 10, 0, 11, 10, 5, 110, 90, 0]);
    expect(pick(buffers, 10, 10, 12)).toEqual({ group: 1, point: 2 });
    expect(pick(buffers, 108, 12, 12)).toEqual({ group: 0, point: 1 });
    expect(pick(buffers, 60, 13, 12)).toEqual({ group: 0, point: -1 });
    expect(pick(buffers, 20, 200, 12)).toBeNull();
  });
});
