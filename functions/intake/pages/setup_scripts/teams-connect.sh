#!/usr/bin/env bash
# {{ messages.purpose }}
# {{ messages.run }} bash teams-connect.sh [{{ messages.months }}]
# {{ messages.with_certificate }} bash teams-connect.sh --certificate teams-connect.cer
set -euo pipefail

redirect_uri='{{ redirect_uri }}'
name='{{ app_name }}'
months=12
certificate=
case ${1:-} in
--certificate) certificate=${2:-teams-connect.cer} ;;
*) months=${1:-12} ;;
esac

graph='{{ graph_client_id }}'
scopes='{% for permission in permissions %}{{ permission.name }}{% if !loop.last %} {% endif %}{% endfor %}'
permissions='[{"resourceAppId":"{{ graph_client_id }}","resourceAccess":[
{%- for permission in permissions %}
    {"id":"{{ permission.id }}","type":"Scope"}{% if !loop.last %},{% endif %}
{%- endfor %}
]}]'

if ! [[ $months =~ ^([1-9]|1[0-9]|2[0-4])$ ]]; then
    echo '{{ messages.months_wrong }}' >&2
    exit 2
fi
if [[ -n $certificate && ! -r $certificate ]]; then
    echo '{{ messages.certificate_missing }}' >&2
    exit 2
fi
if ! tenant=$(az account show --query tenantId --output tsv 2>/dev/null); then
    echo '{{ messages.sign_in }} az login --allow-no-subscriptions' >&2
    exit 1
fi
# GNU's date, or that of macOS.
expires_on=$(date -u -d "+$months months" +%F 2>/dev/null || date -u -v "+${months}m" +%F)

# `az ad app create` completes an app of this name if there is one: nothing is made twice.
app=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg \
    --web-redirect-uris "$redirect_uri" --required-resource-accesses "$permissions" \
    --query appId --output tsv)
az ad sp show --id "$app" --output none 2>/dev/null || az ad sp create --id "$app" --output none

# It takes a moment until a new app is known everywhere.
consent=missing
for pause in 0 5 10 20; do
    sleep "$pause"
    if az ad app permission grant --id "$app" --api "$graph" --scope "$scopes" --output none; then
        consent=granted
        break
    fi
done
[[ $consent == granted ]] || echo '{{ messages.consent_missing }}' >&2

# With --append the app keeps the credentials that it has.
if [[ -n $certificate ]]; then
    az ad app credential reset --id "$app" --append --cert "@$certificate" --output none --only-show-errors
    credential='{{ messages.certificate_chosen }}'
else
    secret=$(az ad app credential reset --id "$app" --append --display-name 'Teams Connect' \
        --end-date "$expires_on" --query password --output tsv --only-show-errors)
    credential="{{ messages.client_secret }}
   $secret
   {{ messages.expires_on }} $expires_on"
fi

cat <<VALUES

{{ messages.paste }}

A  {{ messages.client_id }}
   $app
B  {{ messages.tenant }}
   $tenant
C  $credential
VALUES
