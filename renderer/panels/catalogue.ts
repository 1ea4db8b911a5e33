/** The kinds of panel that an experiment may name, and the component that shows each. */
import type { Component } from 'svelte';
import type { Panel } from '#app/experiments/experiment.ts';
import FigurePanel from './FigurePanel.svelte';
import QuantitiesPanel from './QuantitiesPanel.svelte';
import ScenePanel from './ScenePanel.svelte';

/** What the shell may do with a scene, e.g. from the menu. */
export interface SceneControls {
  fit(): void;
  reset(): void;
  screenshot(): Promise<Blob>;
}

export const catalogue = {
  scene: ScenePanel,
  figure: FigurePanel,
  quantities: QuantitiesPanel,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- components differ in their props; `satisfies` only checks that every kind is here
} satisfies Record<Panel['kind'], Component<any, any, any>>;
