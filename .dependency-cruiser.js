/**
 * Which way imports point (docs/architecture.md): `npm run lint` holds it. Paths are those of the files that are really
 * imported, and imports of types count.
 */

/** What each folder may import of ours, besides itself. */
const MAY_IMPORT = {
  'src/domain': [],
  // The files right under src: what the infrastructure shares.
  'src/[^/]+\\.ts$': [],
  'src/config': ['src/domain', 'src/[^/]+\\.ts$'],
  'src/openshift': ['src/domain', 'src/config', 'src/[^/]+\\.ts$'],
  'src/tracing': ['src/domain', 'src/openshift', 'src/[^/]+\\.ts$'],
  'src/temporal': ['src/domain', 'src/config', 'src/tracing', 'src/[^/]+\\.ts$'],
  'src/reports': ['src/domain', 'src/config', 'src/temporal'],
  'src/notify': ['src/domain', 'src/[^/]+\\.ts$'],
  'src/procedure': ['src/domain', 'src/openshift'],
  'src/metrics': ['src/domain', 'src/openshift', 'src/[^/]+\\.ts$'],
  activities: ['src/domain', 'src/notify', 'src/openshift', 'src/procedure', 'src/reports'],
  // Of activities and the worker: types.
  workflows: ['src/domain', 'activities', 'src/worker'],
  'src/worker': ['src/(domain|openshift|temporal|tracing)', 'activities', 'workflows', 'src/[^/]+\\.ts$'],
  'src/build': ['src/worker'],
  'src/cli': ['src(?!/build/)', 'workflows', 'simulator'],
  // The commands' looks and acts, for a page; of the commands only `ui`, `dev` and `demo` know it.
  'src/desk': ['src(?!/build/)', 'workflows'],
  simulator: [],
  deploy: [],
  // What the browser runs: types, and what is pure.
  desk: ['src/domain', 'src/desk/(contract|delta)\\.ts$', 'src/cli/render/duration\\.ts$'],
};

/** Packages, and modules of Node, that a folder must not import. */
const NO_PACKAGES = {
  'src/domain': ['node:', '@temporalio/', '@kubernetes/'],
  'src/notify': ['@temporalio/', '@kubernetes/'],
  'src/procedure': ['@temporalio/'],
  activities: ['@temporalio/(worker|workflow)'],
  workflows: ['node:', '@temporalio/(activity|client|worker)', '@kubernetes/'],
};

const OURS = ['src', 'workflows', 'activities', 'simulator', 'bench', 'torture', 'test', 'deploy', 'desk'];
const inside = (folder) => (folder.endsWith('$') ? `^${folder}` : `^${folder}/`);

const directions = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
  name: `what-${folder.replace('[^/]+\\.ts$', '*.ts')}-may-import`,
  severity: 'error',
  from: { path: inside(folder) },
  to: { path: `^(${OURS.join('|')})/`, pathNot: [folder, ...others].map(inside) },
}));

const packages = Object.entries(NO_PACKAGES).flatMap(([folder, names]) =>
  names.map((name) => ({
    name: `no-${name.replace(/\W/g, '')}-in-${folder}`,
    severity: 'error',
    from: { path: inside(folder) },
    to:
      name === 'node:'
        ? { dependencyTypes: ['core'] }
        : { path: `^node_modules/${name}`, dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
  })),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...directions,
    ...packages,
    {
      name: 'workflows-take-types-only',
      comment: 'a workflow runs in a sandbox: of activities and the worker it may know the types',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|src/worker)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'simulator-in-two-commands',
      comment: 'only the commands `simulator` and `demo` know the simulator',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '^src/cli/(demo/|(commands|actions)/simulator\\.ts$)' },
      to: { path: '^simulator/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
