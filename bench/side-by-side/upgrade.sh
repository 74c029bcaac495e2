#!/bin/bash
# The documented procedure (nine steps) for one tenant, with kubectl in the place of oc, as people put it into a script: what can be
# typed again is typed so that it may be, steps that touch other things follow each other at once, and rollouts are waited for.
# Usage: upgrade.sh CONTEXT NAMESPACE
set -euo pipefail
context=$1
namespace=$2
registry=registry.access.redhat.com
k() { kubectl --context "$context" --namespace "$namespace" "$@"; }

# set_tags STREAM TITLE IMAGE: the two tags of steps 2 to 5.
set_tags() {
  k patch "imagestream/$1" --type=json -p '[{"op": "add", "path": "/spec/tags/-", "value": {"annotations": {"openshift.io/display-name": "AMP '"$2"' 2.4.0"}, "from": {"kind": "DockerImage", "name": "'"$registry/$3"'"}, "name": "2.4.0", "referencePolicy": {"type": "Source"}}}]'
  k patch "imagestream/$1" --type=json -p '[{"op": "add", "path": "/spec/tags/-", "value": {"annotations": {"openshift.io/display-name": "AMP '"$2"' (latest)"}, "from": {"kind": "ImageStreamTag", "name": "2.4.0"}, "name": "latest", "referencePolicy": {"type": "Source"}}}]'
}

# rolled_out DC...: waits until the newest rollout of each is complete. Controllers get three seconds to begin with it.
rolled_out() {
  sleep 3
  local newest
  newest=$(k get "${@/#/dc/}" -o jsonpath='{range .items[*]}rc/{.metadata.name}-{.status.latestVersion} {end}')
  # shellcheck disable=SC2086 # one word for each
  k wait $newest --for=jsonpath='{.metadata.annotations.openshift\.io/deployment\.phase}'=Complete --timeout=30m
}

# 1. The route of the master portal, named after what system-app has in its environment.
env=$(k get dc/system-app -o jsonpath='{range .spec.template.spec.containers[0].env[*]}{.name}={.value}{"\n"}{end}')
master=$(sed -n 's/^MASTER_DOMAIN=//p' <<<"$env")
superdomain=$(sed -n 's/^THREESCALE_SUPERDOMAIN=//p' <<<"$env")
k apply -f - <<ROUTE
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: system-master}
spec:
  host: $master.$superdomain
  port: {targetPort: http}
  tls: {termination: edge}
  to: {kind: Service, name: system-master}
ROUTE
k delete route system-master-admin --ignore-not-found

# 2 to 5. The image streams.
set_tags amp-system system 3scale-amp24/system
set_tags amp-apicast APIcast 3scale-amp24/apicast-gateway
set_tags amp-backend Backend 3scale-amp24/backend
set_tags amp-zync Zync 3scale-amp24/zync

# 6. The image of memcache.
k patch dc/system-memcache -p '{"spec": {"template": {"spec": {"containers": [{"name": "memcache", "image": "'"$registry"'/3scale-amp20/memcached"}]}}}}'

# 7. The DeploymentConfig that 2.4 has no longer.
k delete dc/system-resque --ignore-not-found

rolled_out system-app system-sidekiq system-sphinx system-memcache zync \
  backend-listener backend-worker backend-cron apicast-staging apicast-production

# 8. and 9. The environment of sidekiq and app.
k patch dc/system-sidekiq -p '{"spec": {"template": {"spec": {"containers": [{"name": "system-sidekiq", "env": [{"name": "RAILS_MAX_THREADS", "value": "25"}]}]}}}}'
release='"env": [{"name": "AMP_RELEASE", "value": "2.4.0"}]'
k patch dc/system-app -p '{"spec": {"template": {"spec": {"containers": [{"name": "system-master", '"$release"'}, {"name": "system-provider", '"$release"'}, {"name": "system-developer", '"$release"'}]}}}}'
rolled_out system-sidekiq system-app
