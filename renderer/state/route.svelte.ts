export type Route =
  | { readonly screen: 'atlas' }
  | { readonly screen: 'runs' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'bench' }
  | { readonly screen: 'run'; readonly run: string }
  | { readonly screen: 'new'; readonly experiment: string; readonly preset: string | null };

/** Reads a location hash; anything unknown is the Atlas. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen, argument] = path.split('/').map(decodePart);
  if (screen === 'runs') return { screen };
  if (screen === 'settings') return { screen };
  if (screen === 'bench') return { screen };
  if (screen === 'run' && argument) return { screen, run: argument };
  if (screen === 'new' && argument) return { screen, experiment: argument, preset: new URLSearchParams(query).get('preset') };
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
  if (route.screen === 'new') {
    const query = route.preset === null ? '' : `?${new URLSearchParams({ preset: route.preset })}`;
    return `#/new/${encodeURIComponent(route.experiment)}${query}`;
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
