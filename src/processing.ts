// What is done with personal data, module by module, on one screen: the source of the record of processing activities
// (UU 27/2022 Pasal 31). Services add their own from their YAML. A test compares it with the database.
import type { Processing } from '#platform/processing.ts';
import { processing as applications } from './applications/processing.ts';
import { processing as documents } from './documents/processing.ts';
import { processing as identity } from './identity/processing.ts';
import { processing as messages } from './messages/processing.ts';
import { processing as online } from './online/processing.ts';
import { processing as privacy } from './privacy/processing.ts';

export const PROCESSING: Processing[] = [
  ...applications,
  ...online,
  ...documents,
  ...messages,
  ...identity,
  ...privacy,
];

/** Columns of bytes that say nothing about a person, each with its reason. */
export const NOT_PERSONAL: Record<string, string> = {
  'platform.events.prev': 'sidik rantai',
  'platform.events.hash': 'sidik rantai',
  'platform.commands.body': 'sidik perintah',
  'platform.files.sha256': 'sidik berkas',
  'catalogue.versions.hash': 'sidik layanan',
  'applications.applications.head': 'sidik rantai',
  'documents.documents.sha256': 'sidik berkas',
  'online.drafts.code': 'sidik berkunci dari kode acak',
  'identity.sessions.token': 'sidik token acak',
  'identity.resident_sessions.token': 'sidik token acak',
  'identity.invitations.token': 'sidik token acak',
  'identity.recovery_codes.hash': 'sidik kode acak',
  'identity.challenges.hash': 'sidik tantangan acak',
  'identity.challenges.browser': 'sidik rahasia acak peramban',
  'identity.codes.code': 'sidik berkunci dari kode acak',
  'identity.codes.browser': 'sidik rahasia acak peramban',
  'identity.oidc_requests.state': 'sidik nilai acak',
  'identity.oidc_requests.browser': 'sidik rahasia acak peramban',
  'documents.documents.content': 'sidik isi surat',
  'documents.documents.drawn': 'sidik berkas sebelum ditandatangani',
  'documents.keys.public': 'kunci publik program',
  'audit.keys.public': 'kunci publik program',
  'audit.nodes.hash': 'sidik log',
  'audit.heads.root': 'sidik log',
  'audit.heads.signature': 'tanda tangan log',
};
