import type { SearchAttributePair } from '@temporalio/common';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { SearchAttributeValues } from '../src/domain/tenant/search-attributes.ts';

export function pairsOf(values: SearchAttributeValues): SearchAttributePair[] {
  return Object.entries(values).map(([name, value]) => ({
    key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
    value,
  }));
}

export function showAttributes(values: SearchAttributeValues): void {
  upsertSearchAttributes(pairsOf(values));
}
