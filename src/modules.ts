// The architecture on one screen: every module in order; each may import only from the modules it names, all above it.
// platform and ui come before all and know no domain. test/house-rules.test.ts holds this.
import type { Module } from '#platform/modules.ts';
import { applications } from './applications/module.ts';
import { areas } from './areas/module.ts';
import { catalogue } from './catalogue/module.ts';
import { desk } from './desk/module.ts';
import { documents } from './documents/module.ts';
import { identity } from './identity/module.ts';
import { online } from './online/module.ts';

export const modules: Module[] = [
  areas, // places by official code
  catalogue, // what is offered, as data
  identity, // officers, their roles and sessions
  applications, // the engine: one permohonan from submission to product
  documents, // what is issued, and how anyone verifies it
  online, // door 1: layanan digital
  desk, // the officers' side
];
