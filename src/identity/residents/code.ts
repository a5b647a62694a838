// How long a code is good, how often one may be asked for and typed. Pure.

export const CODE_MINUTES = 10;
export const RESEND_SECONDS = 60;
export const MOST_TRIES = 5;
/** Codes asked: five an hour and ten a day for one contact; sixty an hour from one address, behind which a whole village may sit. */
export const LIMITS = { contactHour: 5, contactDay: 10, addressHour: 60 };
