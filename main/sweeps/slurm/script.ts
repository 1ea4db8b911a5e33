/** The script that Slurm starts for each task of an array. Slurm carries it to the node itself, so it runs before the folder is seen. */
import { builtFile } from '#main/workers/worker-handle.ts';

/** How it ends when the node does not see the folder. */
export const folderUnseen = 41;

/** A way to start Lotka, in the shell's words, and a test of the shell whether the node has it. */
export interface NodeCommand {
  readonly words: string;
  readonly test: string;
}

export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Lotka as some JavaScript file that a Node runs. */
export const nodeCommand = (node: string, file: string): NodeCommand => ({
  words: `${shellWord(node)} ${shellWord(file)}`,
  test: `command -v ${shellWord(node)} >/dev/null && [ -r ${shellWord(file)} ]`,
});

/** How Lotka is started on a node: `LOTKA_COMMAND`, else as it was started here, else `lotka` on the path of the node. */
export function nodeCommands(environment: NodeJS.ProcessEnv = process.env): NodeCommand[] {
  const named = (words: string): NodeCommand => ({ words, test: `command -v ${words.split(' ')[0]!} >/dev/null` });
  if (environment.LOTKA_COMMAND) return [named(environment.LOTKA_COMMAND)];
  // Electron does not run other programs' files.
  const node = process.versions.electron === undefined ? process.execPath : 'node';
  return [nodeCommand(node, builtFile('cli.js')), named('lotka')];
}

/**
 * @param folder Of the array, seen under the same path by the nodes.
 * @param token What the file `token` in it holds.
 * @param commands The first that the node has is taken.
 */
export function jobScript(folder: string, token: string, commands: readonly NodeCommand[]): string {
  const choices = commands.map(({ test, words }) => `if ${test}; then exec ${words} sweep-task "$folder" "$task"; fi`);
  return `#!/bin/sh
folder=${shellWord(folder)}
if [ "$(cat "$folder/token" 2>/dev/null)" != ${token} ]; then exit ${folderUnseen}; fi
task="\${SLURM_ARRAY_TASK_ID:-0}"
exec >>"$folder/log/$task.txt" 2>&1
${choices.join('\n')}
printf '\\n{"refused":"Lotka was not found on node %s: install it there in the same place as here, or name the command that starts it in LOTKA_COMMAND."}\\n' "$SLURMD_NODENAME" >>"$folder/results/$task.jsonl"
`;
}
