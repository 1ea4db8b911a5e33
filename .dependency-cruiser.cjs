/** Dependencies point one way: renderer -> app <- main. */
module.exports = {
  forbidden: [
    {
      name: 'app-is-pure',
      severity: 'error',
      from: { path: '^app/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(main|renderer|setup|e2e)/' },
    },
    {
      name: 'app-has-no-node',
      severity: 'error',
      from: { path: '^app/', pathNot: '(\\.test\\.ts|\\.mjs)$' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'renderer-not-main', severity: 'error', from: { path: '^renderer/' }, to: { path: '^(main|setup|e2e)/' } },
    { name: 'main-not-renderer', severity: 'error', from: { path: '^main/' }, to: { path: '^(renderer|e2e)/' } },
    {
      name: 'only-main-electron-imports-electron',
      severity: 'error',
      from: { pathNot: '^main/electron/' },
      to: { path: '^(node_modules/electron/|electron$)' },
    },
    {
      name: 'experiments-apart',
      severity: 'error',
      from: { path: '^app/experiments/([^/]+)/' },
      to: { path: '^app/experiments/([^/]+)/', pathNot: '^app/experiments/$1/' },
    },
    {
      name: 'engine-knows-no-experiment',
      severity: 'error',
      from: { path: '^app/(engine|numerics|figures)/' },
      to: { path: '^app/(experiments|runs)/' },
    },
    { name: 'numerics-stand-alone', severity: 'error', from: { path: '^app/numerics/' }, to: { path: '^app/(?!numerics)' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    exclude: { path: '(^dist|^release|kernels/assembly|peak/assembly)' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
