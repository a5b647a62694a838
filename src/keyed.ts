// Every column that holds wrapped data keys, on one screen: what `pendopo keys rotate` wraps anew. A test compares this list
// with the database, so that no key is left behind under an old master key.
import type { Keyed } from '#platform/keyring.ts';

export const KEYED: Keyed[] = [
  { table: 'applications.applications', id: 'id', column: 'key' },
  { table: 'applications.batches', id: 'id', column: 'key' },
  { table: 'platform.files', id: 'id', column: 'key' },
  { table: 'messages.messages', id: 'id', column: 'key' },
  { table: 'identity.residents', id: 'id', column: 'key' },
  { table: 'identity.codes', id: 'id', column: 'key' },
  { table: 'identity.mandates', id: 'id', column: 'key' },
  { table: 'identity.invitations', id: 'id', column: 'key' },
  { table: 'identity.factors', id: 'id', column: 'key' },
  { table: 'online.drafts', id: 'id', column: 'key' },
  { table: 'audit.keys', id: 'id', column: 'key' },
  { table: 'privacy.breaches', id: 'id', column: 'key' },
  { table: 'documents.keys', id: 'id', column: 'key' },
];
