export type Route =
  | { readonly screen: 'atlas' }
  | { readonly screen: 'runs' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'bench' }
  | { readonly screen: 'run'; readonly run: string }
  | { readonly screen: 'new'; readonly experiment: string; readonly preset: string | null }
  | { readonly screen: 'sweeps' }
  | { readonly screen: 'datasets' }
  | { readonly screen: 'file'; readonly archive: string }
  | { readonly screen: 'import' }
  | { readonly screen: 'sweep'; readonly sweep: string }
  | { readonly screen: 'new-sweep'; readonly experiment: string; readonly preset: string | null }
  | { readonly screen: 'compare'; readonly runs: readonly string[] };

/** Runs that fit beside each other. */
export const mostCompared = 6;

/** Reads a location hash; anything unknown is the Atlas. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen, argument] = path.split('/').map(decodePart);
  if (screen === 'runs') return { screen };
  if (screen === 'settings') return { screen };
  if (screen === 'bench') return { screen };
  if (screen === 'sweeps') return { screen };
  if (screen === 'datasets') return { screen };
  if (screen === 'file' && argument) return { screen, archive: argument };
  if (screen === 'import') return { screen };
  if (screen === 'sweep' && argument) return { screen, sweep: argument };
  if (screen === 'compare') return { screen, runs: [...new Set(argument?.split(',').filter(Boolean))].slice(0, mostCompared) };
  if (screen === 'run' && argument) return { screen, run: argument };
  if ((screen === 'new' || screen === 'new-sweep') && argument)
    return { screen, experiment: argument, preset: new URLSearchParams(query).get('preset') };
  return { screen: 'atlas' };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export function formatRoute(route: Route): string {
  if (route.screen === 'run') return `#/run/${encodeURIComponent(route.run)}`;
  if (route.screen === 'file') return `#/file/${encodeURIComponent(route.archive)}`;
  if (route.screen === 'sweep') return `#/sweep/${encodeURIComponent(route.sweep)}`;
  if (route.screen === 'compare' && route.runs.length > 0) return `#/compare/${route.runs.map(encodeURIComponent).join(',')}`;
  if (route.screen === 'new' || route.screen === 'new-sweep') {
    const query = route.preset === null ? '' : `?${new URLSearchParams({ preset: route.preset })}`;
    return `#/${route.screen}/${encodeURIComponent(route.experiment)}${query}`;
  }
  return `#/${route.screen}`;
}

/** The screen shown, kept in the address so that back, forward and reload do what one expects. */
export class Router {
  current = $state.raw<Route>({ screen: 'atlas' });

  constructor() {
    this.current = parseRoute(location.hash);
    addEventListener('hashchange', () => (this.current = parseRoute(location.hash)));
  }

  go(route: Route, options: { replace?: boolean } = {}): void {
    const hash = formatRoute(route);
    if (location.hash === hash) return;
    if (options.replace) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.current = route;
  }
}
