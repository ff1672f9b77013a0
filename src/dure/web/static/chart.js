// All charts. Each draws its own SVG with the theme's colours, can be read with the keyboard and turned into a table.
export { Line } from './charts/line.js';
export { Bars } from './charts/bars.js';
export { Columns } from './charts/columns.js';
export { Rank } from './charts/rank.js';
export { Funnel } from './charts/funnel.js';
export { Heat } from './charts/heat.js';
export { Spark } from './charts/spark.js';
export { Sankey } from './charts/sankey.js';
export { Journey } from './charts/journey.js';
export { Tree } from './charts/tree.js';
