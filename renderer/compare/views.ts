/** What of each run stands side by side: its picture, or one of its figures. */
import { experimentById } from '#app/experiments/registry.ts';
import type { Experiment, Figure, Picture } from '#app/experiments/experiment.ts';

/** `picture`: the first of each experiment; others by their id. */
export type View = 'picture' | `picture:${string}` | `figure:${string}`;

export interface ViewOption {
  readonly value: View;
  readonly label: string;
}

/** Everything that any of the experiments can show, each once, pictures first. */
export function viewOptions(experiments: readonly Experiment[]): ViewOption[] {
  const options = new Map<View, string>();
  if (experiments.some(({ pictures }) => pictures.length > 0)) options.set('picture', 'Picture');
  const put = (value: View, label: string) => options.has(value) || options.set(value, label.replaceAll('$', ''));
  for (const { pictures } of experiments) for (const { id, label } of pictures.slice(1)) put(`picture:${id}`, label);
  for (const { figures } of experiments) for (const { id, title } of figures) put(`figure:${id}`, title);
  return [...options].map(([value, label]) => ({ value, label }));
}

/** What an experiment shows for a view; null where it has nothing of the kind. */
export function shownBy(experiment: Experiment, view: View): { readonly picture: Picture } | { readonly figure: Figure } | null {
  const [kind, id] = view.split(':');
  if (kind === 'figure') {
    const figure = experiment.figures.find((candidate) => candidate.id === id);
    return figure ? { figure } : null;
  }
  const picture = id === undefined ? experiment.pictures[0] : experiment.pictures.find((candidate) => candidate.id === id);
  return picture ? { picture } : null;
}

/** The experiments of runs, each once. */
export const experimentsOf = (ids: readonly string[]): Experiment[] => [...new Set(ids)].map(experimentById);
