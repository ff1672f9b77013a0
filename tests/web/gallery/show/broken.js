export default { setup: () => () => { throw new Error('this view is broken on purpose'); } };
