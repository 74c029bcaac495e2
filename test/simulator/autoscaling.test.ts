import { expect, test } from '@jest/globals';
import { inFirstVersion, inSecondVersion, isOfSecondVersion } from '../../simulator/api/autoscaling.ts';

const scaleTargetRef = { kind: 'DeploymentConfig', name: 'apicast-production' };
const first = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'gateway' },
  spec: { maxReplicas: 3, scaleTargetRef, targetCPUUtilizationPercentage: 70 },
};
const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } };
const second = {
  ...first,
  apiVersion: 'autoscaling/v2',
  spec: { maxReplicas: 3, scaleTargetRef, metrics: [{ type: 'Resource', resource: cpu }] },
};
const request = {
  method: 'POST',
  path: '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers',
  query: new URLSearchParams(),
  headers: {},
  body: JSON.stringify(second),
};

test('an autoscaler of autoscaling/v2 is stored as one of v1', () => {
  expect(isOfSecondVersion(request)).toBe(true);
  const { path, body } = inFirstVersion(request);
  expect(path).toBe('/apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers');
  expect(JSON.parse(body)).toEqual(first);
  expect(inFirstVersion({ ...request, body: 'no JSON' }).body).toBe('no JSON');
});

test('what is stored is answered as one of v2, alone and in lists; what is none stays as it is', () => {
  expect(inSecondVersion({ status: 200, body: first }).body).toEqual(second);
  const list = { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscalerList', items: [first] };
  expect(inSecondVersion({ status: 200, body: list }).body).toEqual({
    ...list,
    apiVersion: 'autoscaling/v2',
    items: [second],
  });
  const status = { apiVersion: 'v1', kind: 'Status', code: 404 };
  expect(inSecondVersion({ status: 404, body: status })).toEqual({ status: 404, body: status });
});
