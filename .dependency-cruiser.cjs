// The arrows of the house (docs/architecture.md): imports point down only, and go through doors.
// cli, server -> catalog, train, evaluate -> model, data -> audio, text -> graph; `errors` and `files` lie under all.
const LAYERS = [
  ['errors'],
  ['files', 'random', 'schema', 'webassembly'],
  ['graph'],
  ['audio', 'text'],
  ['model', 'data'],
  ['catalog', 'train', 'evaluate'],
  ['cli', 'server'],
]
const PACKAGE_DOOR = '^src/index\\.ts$'
const NODE_CORE = `^(node:)?(${require('node:module')
  .builtinModules.filter((name) => !name.startsWith('_'))
  .join('|')})$`
const TESTS = '\\.test\\.ts$'

const upwards = LAYERS.flatMap((rooms, level) =>
  rooms.map((room) => ({
    name: `arrows-from-${room}`,
    comment: `src/${room} may import only what lies below it`,
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: TESTS },
    to: {
      path: '^src/',
      pathNot: [
        `^src/${room}/`,
        ...LAYERS.slice(0, level)
          .flat()
          .map((r) => `^src/${r}/`),
      ],
    },
  })),
)

module.exports = {
  forbidden: [
    ...upwards,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'doors-only',
      comment: 'another folder is entered by its index.ts or node.ts, never by a room behind it',
      severity: 'error',
      from: { path: '^(src/([^/]+)|test|bench)/', pathNot: TESTS },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$2/', '^src/[^/]+/(index|node)\\.ts$'] },
    },
    {
      name: 'back-doors',
      comment: 'only cli, server, catalog and other back doors use a back door',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/(cli|server|catalog)/', '/node\\.ts$', '/node/', PACKAGE_DOOR, TESTS],
      },
      to: { path: '^src/[^/]+/node\\.ts$' },
    },
    {
      name: 'front-door-knows-no-machine',
      comment: 'what stands behind an index.ts imports nothing from Node',
      severity: 'error',
      from: { path: '^src/[^/]+/index\\.ts$', pathNot: '^src/(cli|server)/' },
      to: { path: NODE_CORE, reachable: true },
    },
    {
      name: 'front-door-loads-no-native-code',
      severity: 'error',
      from: { path: '^src/[^/]+/index\\.ts$', pathNot: '^src/(cli|server)/' },
      to: { path: 'node_modules/(onnxruntime-node|node-av|@lancedb|@librescore)/', reachable: true },
    },
    {
      name: 'tests-stay-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: ['^test/', '^bench/', TESTS] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
