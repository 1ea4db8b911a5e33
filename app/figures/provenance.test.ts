import { expect, it } from 'vitest';
import type { RunRecord } from '#app/protocol/contract.ts';
import { asciiJson, embedInSvg, provenanceLines, provenanceOf, readFromSvg } from './provenance.ts';

const record: RunRecord = {
  format: 1,
  id: 'survival-abc123',
  name: 'Ω </metadata> & "quotes"',
  experiment: 'survival',
  preset: 'fast',
  parameters: { modulus: 31, embeddingSeed: 7, hiddenWidths: [64, 64] },
  status: 'finished',
  message: null,
  step: 1500,
  steps: 1500,
  seconds: 3.5,
  headline: {},
  forkedFrom: null,
  provenance: { lotka: '0.1.0', engine: 'abc', backend: 'wasm', precision: 'f32', machine: 'x64', created: '2026-01-02T03:04:05Z' },
};
const provenance = provenanceOf(record, { kind: 'figure', id: 'signals', step: 1500 }, 'Ding et al. 2024');

it('comes back out of an SVG whatever the run is called', () => {
  const svg = embedInSvg('<svg xmlns="http://www.w3.org/2000/svg" width="1"><g/></svg>', provenance);
  expect(readFromSvg(svg)).toEqual(provenance);
  expect(svg.indexOf('</metadata>')).toBe(svg.lastIndexOf('</metadata>'));
  expect(readFromSvg('<svg/>')).toBeNull();
});

it('is plain ASCII', () => {
  expect(asciiJson(provenance)).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(asciiJson(provenance))).toEqual(provenance);
});

it('lists everything a repetition needs', () => {
  const text = provenanceLines(provenance).join('\n');
  for (const part of [
    'survival-abc123',
    'engine abc',
    'embeddingSeed = 7',
    'hiddenWidths = [64,64]',
    'Lotka 0.1.0',
    'preset fast',
    'step 1500',
  ])
    expect(text).toContain(part);
});
