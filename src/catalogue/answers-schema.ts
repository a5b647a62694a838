// The form as one JSON Schema (2020-12), for the API description and for those who fill forms by machine.
// Stricter in spelling than our own reader (which forgives spaces in a NIK), and silent on ages, which it cannot say.
import { TEXT_MAX, VILLAGE } from './answer.ts';
import type { Condition } from './condition.ts';
import type { Field, Service, Step } from './service.ts';

export type JsonSchema = Record<string, unknown>;

const FORMATS: Record<NonNullable<Field['format']>, JsonSchema> = {
  date: { format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
  nik: { pattern: '^\\d{16}$' },
  kk: { pattern: '^\\d{16}$' },
  phone: { pattern: '^(0[2-9]\\d{7,11}|\\+[1-9]\\d{7,14})$' },
  email: { format: 'email' },
  village: { pattern: VILLAGE.source },
  name: {},
  money: { minimum: 0 },
  text: {},
};

/** What `answers` may be for this service; what is asked only sometimes is required by if/then. */
export function answersSchema(service: Service): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const allOf: JsonSchema[] = [];
  const require = (id: string, conditions: (Condition | undefined)[]) => {
    const given = conditions.filter((condition) => condition !== undefined);
    const parts = given.map(conditionSchema);
    if (given.length === 0) required.push(id);
    // A condition that JSON Schema cannot say leaves the field optional here; our own reader still asks for it.
    else if (!parts.includes(undefined))
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      allOf.push({ if: parts.length === 1 ? parts[0] : { allOf: parts }, then: { required: [id] } });
  };
  for (const step of service.form) {
    if (step.repeat) {
      properties[step.id] = itemsSchema(step, step.repeat);
      if (step.repeat.min > 0) require(step.id, [step.when]);
      continue;
    }
    for (const [id, field] of Object.entries(step.properties)) {
      properties[id] = fieldSchema(field);
      if (!step.optional?.includes(id)) require(id, [step.when, field.when]);
    }
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: service.name,
    description: service.summary,
    type: 'object',
    additionalProperties: false,
    properties,
    required,
    ...(allOf.length > 0 && { allOf }),
  };
}

function itemsSchema(step: Step, repeat: NonNullable<Step['repeat']>): JsonSchema {
  const fields = Object.entries(step.properties);
  return {
    type: 'array',
    title: step.title,
    minItems: repeat.min,
    maxItems: repeat.max,
    items: {
      type: 'object',
      title: repeat.item,
      additionalProperties: false,
      properties: Object.fromEntries(fields.map(([id, field]) => [id, fieldSchema(field)])),
      required: fields.filter(([id, field]) => !field.when && !step.optional?.includes(id)).map(([id]) => id),
    },
  };
}

function fieldSchema(field: Field): JsonSchema {
  const schema: JsonSchema = {
    type: field.format === 'money' ? 'integer' : field.type,
    title: field.title,
    ...(field.description !== undefined && { description: field.description }),
    ...(field.format && FORMATS[field.format]),
  };
  if (field.oneOf) return { ...schema, oneOf: field.oneOf };
  for (const key of ['minLength', 'maxLength', 'pattern', 'minimum', 'maximum'] as const)
    if (field[key] !== undefined) schema[key] = field[key];
  const isText = field.type === 'string' && !['date', 'nik', 'kk', 'phone', 'village'].includes(field.format ?? '');
  if (isText) return { minLength: 1, maxLength: TEXT_MAX, ...schema };
  return schema;
}

/** A condition as a schema over the answers; undefined when it looks at an age. */
function conditionSchema(condition: Condition): JsonSchema | undefined {
  if ('all' in condition) return listSchema('allOf', condition.all);
  if ('any' in condition) return listSchema('anyOf', condition.any);
  if ('not' in condition) {
    const inner = conditionSchema(condition.not);
    return inner && { not: inner };
  }
  const { field } = condition;
  if ('in' in condition) return { required: [field], properties: { [field]: { enum: condition.in } } };
  if ('filled' in condition) {
    const filled = { required: [field], properties: { [field]: { not: { enum: ['', null] } } } };
    return condition.filled ? filled : { not: filled };
  }
  return undefined;
}

function listSchema(keyword: 'allOf' | 'anyOf', conditions: Condition[]): JsonSchema | undefined {
  const parts = conditions.map(conditionSchema);
  return parts.includes(undefined) ? undefined : { [keyword]: parts };
}
