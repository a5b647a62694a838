// How a message fares, in words: the same for residents and officers.
import type { Tone } from '#ui/components.ts';
import type { Channel } from './template.ts';

export const CHANNEL_WORDS: Record<Channel | 'inbox', string> = {
  whatsapp: 'WhatsApp',
  sms: 'SMS',
  email: 'Surel',
  inbox: 'Halaman ini',
};

export const LANGUAGE_WORDS = {
  id: 'Bahasa Indonesia',
  jv: 'Basa Jawa krama (belum ditinjau penutur asli)',
  en: 'English',
};

type Fate = { state: string; channel: string | null; reason: string | null };

export function fateOf({ state, channel, reason }: Fate): { text: string; tone: Tone } {
  if (channel === 'inbox') return { text: 'Hanya di halaman ini', tone: 'quiet' };
  switch (state) {
    case 'queued':
      return { text: reason === 'quiet-hours' ? 'Dikirim mulai pukul 06.00' : 'Menunggu dikirim', tone: 'running' };
    case 'sending':
      return { text: 'Sedang dikirim', tone: 'running' };
    case 'sent':
      return { text: 'Terkirim', tone: 'done' };
    case 'delivered':
      return { text: 'Sampai', tone: 'done' };
    case 'failed':
      return { text: 'Gagal', tone: 'stopped' };
    default:
      return { text: 'Tidak dikirim', tone: 'quiet' };
  }
}

const REASONS: Record<string, string> = {
  'no-address': 'tidak ada nomor atau surel yang bisa dipakai',
  'no-channel': 'kantor belum memasang pengirim pesan untuk alamat ini',
  'too-late': 'tidak terkirim sampai batas waktunya',
  'bad-number': 'nomornya tidak bisa dihubungi',
  'not-on-whatsapp': 'nomornya tidak memakai WhatsApp',
  'no-such-mailbox': 'alamat surelnya tidak ada',
  'not-accepted': 'ditolak oleh penerima surel',
  'not-delivered': 'tidak sampai ke penerima',
  'template-not-approved': 'kalimatnya belum disetujui WhatsApp',
  'switched-off': 'warga mematikan pesan jenis ini',
  'provider-down': 'penyedia sedang terganggu; dicoba lagi',
  'back-off': 'belum berhasil; dicoba lagi',
  'quiet-hours': 'jam tenang 21.00–06.00',
  report: 'menunggu kabar dari penyedia',
  'no-answer': 'penyedia belum menjawab; dicoba lagi',
  timeout: 'penyedia tidak menjawab',
};

/** Why, for officers; an unknown code as written. */
export const reasonWords = (reason: string): string =>
  Object.hasOwn(REASONS, reason) ? (REASONS[reason] as string) : `kode ${reason}`;
