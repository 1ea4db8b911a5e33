import './connect/no-eval.ts';
import '@fontsource-variable/inter';
import '@fontsource/ibm-plex-mono/400.css';
import 'katex/dist/katex.min.css';
import './kit/tokens.css';
import './kit/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { Connection } from './connect/connection.svelte.ts';
import { bridge, connectInElectron } from './connect/electron.ts';
import { connectServed, takeToken } from './connect/served.ts';
import { installColours } from './kit/theme.ts';

installColours();
const connection = new Connection();
// The token leaves the address before the router reads it.
if (bridge()) connectInElectron(connection);
else void connectServed(connection, takeToken());

mount(App, { target: document.getElementById('app')!, props: { connection } });
