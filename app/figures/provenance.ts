/** Where a file came from, carried inside it. */
import type { RunRecord } from '#app/protocol/contract.ts';

/** What is written into every exported file: enough to train the run again and draw the same figure. */
export interface ExportProvenance {
  readonly format: 1;
  readonly lotka: string;
  readonly engine: string;
  readonly backend: string;
  readonly precision: string;
  readonly machine: string;
  readonly run: string;
  readonly name: string;
  readonly created: string;
  readonly experiment: string;
  readonly preset: string | null;
  /** Includes every seed. */
  readonly parameters: RunRecord['parameters'];
  readonly status: string;
  readonly steps: number;
  readonly forkedFrom: RunRecord['forkedFrom'];
  /** Data that it learned from, with their hash; null where they are generated. */
  readonly dataset: NonNullable<RunRecord['provenance']['dataset']> | null;
  /** What of the run the file shows. */
  readonly shows: { readonly kind: 'figure' | 'picture' | 'curve'; readonly id: string; readonly step: number };
  readonly source: string;
}

/** @param source paper and figure that the file belongs to */
export function provenanceOf(record: RunRecord, shows: ExportProvenance['shows'], source: string): ExportProvenance {
  const { lotka, engine, backend, precision, machine, created, dataset = null } = record.provenance;
  const { id: run, name, experiment, preset, parameters, status, step: steps, forkedFrom } = record;
  return {
    format: 1,
    lotka,
    engine,
    backend,
    precision,
    machine,
    run,
    name,
    created,
    experiment,
    preset,
    parameters,
    status,
    steps,
    forkedFrom,
    dataset,
    shows,
    source,
  };
}

/** The provenance as lines of text, for the head of a CSV file. */
export function provenanceLines(provenance: ExportProvenance): string[] {
  const { lotka, engine, backend, precision, run, name, created, experiment, preset, parameters, status, steps, shows, source } =
    provenance;
  const { forkedFrom, dataset } = provenance;
  return [
    `Lotka ${lotka}, engine ${engine}, ${backend}, ${precision}`,
    `run ${run} (${name}), ${status} after ${steps} steps, created ${created}`,
    `${shows.kind} ${shows.id} at step ${shows.step}; ${source}`,
    `experiment ${experiment}, preset ${preset ?? 'none'}`,
    ...(forkedFrom ? [`forked from run ${forkedFrom.run} at step ${forkedFrom.step}`] : []),
    ...(dataset ? [`data ${dataset.id} (${dataset.name}), hash ${dataset.hash}`] : []),
    ...Object.entries(parameters).map(([parameter, value]) => `${parameter} = ${JSON.stringify(value)}`),
  ];
}

/** JSON in ASCII only, so that it may stand in any container. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const opening = '<metadata id="lotka-provenance">';

/** Puts the provenance, a list where several runs are shown, into an SVG text as JSON in `metadata`, right behind the opening tag. */
export function embedInSvg(svg: string, provenance: object): string {
  const end = svg.indexOf('>', svg.indexOf('<svg')) + 1;
  const json = asciiJson(provenance).replaceAll('&', '\\u0026').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
  return `${svg.slice(0, end)}${opening}${json}</metadata>${svg.slice(end)}`;
}

/** Provenance of an SVG that Lotka wrote as it was put in, null for any other. */
export function readFromSvg(svg: string): ExportProvenance | readonly ExportProvenance[] | null {
  const start = svg.indexOf(opening);
  if (start < 0) return null;
  const from = start + opening.length;
  return JSON.parse(svg.slice(from, svg.indexOf('</metadata>', from))) as ExportProvenance | readonly ExportProvenance[];
}
