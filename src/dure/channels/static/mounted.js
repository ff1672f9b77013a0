// Which parts stand in the places of `mounts.js`. Every page of channels imports this first.
import { mount } from './mounts.js';

mount({});
