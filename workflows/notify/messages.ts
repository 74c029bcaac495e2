import { defineSignal } from '@temporalio/workflow';
import type { Delivery } from '../../src/domain/notify/delivery.ts';

/** From the workflow of a message to the one that it is about: what became of it at one receiver. */
export const deliveredSignal = defineSignal<[Delivery]>('delivered');
