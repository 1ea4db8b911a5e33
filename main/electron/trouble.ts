import { pageUrl } from './links.ts';

/** Address of the page that tells what went wrong; the sentence travels in the query. */
export const troublePath = '/-/trouble';

export const troubleUrl = (sentence: string): string => `${pageUrl}${troublePath.slice(1)}?${new URLSearchParams({ sentence }).toString()}`;

const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The page itself: one sentence and a way to try again. It needs no script, so it also works when scripts do not. */
export function troublePage(sentence: string): string {
  const text = sentence.replace(/[&<>"']/g, (character) => escaped[character]!);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Lotka cannot go on</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 'Inter Variable', Inter, system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 100vh; margin: 0; }
main { max-width: 34rem; padding: 32px; }
h1 { font-size: 17px; font-weight: 600; margin: 0 0 8px; }
p { margin: 0 0 20px; overflow-wrap: anywhere; }
a { color: inherit; border: 1px solid; border-radius: 4px; padding: 6px 12px; text-decoration: none; }
</style>
</head>
<body><main><h1>Lotka cannot go on</h1><p role="alert">${text}</p><a href="${pageUrl}">Try again</a></main></body>
</html>
`;
}
