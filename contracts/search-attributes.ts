import { defineSearchAttributeKey } from '@temporalio/common';

/** What operators search runs by. Registered once per namespace; see `platform/temporal/namespace.ts`. */
export const searchAttributes = {
  imageType: defineSearchAttributeKey('ImageType', 'KEYWORD'),
  jobId: defineSearchAttributeKey('JobId', 'KEYWORD'),
  tenant: defineSearchAttributeKey('Tenant', 'KEYWORD'),
  stage: defineSearchAttributeKey('Stage', 'KEYWORD'),
  verdict: defineSearchAttributeKey('Verdict', 'KEYWORD'),
  waitingFor: defineSearchAttributeKey('WaitingFor', 'KEYWORD'),
  flowName: defineSearchAttributeKey('FlowName', 'KEYWORD'),
  flowDigest: defineSearchAttributeKey('FlowDigest', 'KEYWORD'),
  imageCount: defineSearchAttributeKey('ImageCount', 'INT'),
  imagesFailed: defineSearchAttributeKey('ImagesFailed', 'INT'),
  rmseHorizontal: defineSearchAttributeKey('RmseHorizontal', 'DOUBLE'),
  capturedAt: defineSearchAttributeKey('CapturedAt', 'DATETIME'),
} as const;

/**
 * Attributes that clients of the original contract set on their own runs. This system never reads or
 * writes them; they are registered so that such a client can start a run at all.
 */
export const clientSearchAttributes = {
  customString: defineSearchAttributeKey('CustomStringField', 'TEXT'),
  customKeyword: defineSearchAttributeKey('CustomKeywordField', 'KEYWORD'),
  customInt: defineSearchAttributeKey('CustomIntField', 'INT'),
  customBool: defineSearchAttributeKey('CustomBoolField', 'BOOL'),
} as const;

/** Where a run stands; the values of the search attribute `Stage`. */
export type Stage =
  | 'checking'
  | 'ingestion'
  | 'accuracy'
  | 'geolocalization'
  | 'report'
  | 'waiting'
  | 'done'
  | 'failed'
  | 'cancelled';
