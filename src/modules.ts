// The architecture on one screen: every module in order; each may import only from the modules it names, all above it.
// platform and ui come before all and know no domain. test/house-rules.test.ts holds this.
import type { Module } from '#platform/modules.ts';
import { applications } from './applications/module.ts';
import { areas } from './areas/module.ts';
import { audit } from './audit/module.ts';
import { catalogue } from './catalogue/module.ts';
import { desk } from './desk/module.ts';
import { documents } from './documents/module.ts';
import { identity } from './identity/module.ts';
import { messages } from './messages/module.ts';
import { notices } from './notices/module.ts';
import { online } from './online/module.ts';
import { privacy } from './privacy/module.ts';

export const modules: Module[] = [
  areas, // places by official code
  catalogue, // what is offered, as data
  messages, // how people are told: WhatsApp, SMS, e-mail, inbox
  identity, // officers, their roles and sessions
  applications, // the engine: one permohonan from submission to product
  documents, // what is issued, and how anyone verifies it
  notices, // who is told what of a case
  privacy, // personal data: rights, retention, breaches, consent
  online, // door 1: layanan digital
  desk, // the officers' side
  audit, // the sealed log, refused rights, backups
];
