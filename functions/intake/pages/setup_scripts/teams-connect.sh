#!/usr/bin/env bash
# {{ messages.purpose }}
# {{ messages.run }} bash teams-connect.sh [--days 180]
# {{ messages.with_certificate }} bash teams-connect.sh --certificate teams-connect.cer
{% if trust.is_some() %}# {{ messages.with_federation }} bash teams-connect.sh --federated
{% endif %}# {{ messages.with_app }} bash teams-connect.sh --app 00000000-0000-0000-0000-000000000000
set -euo pipefail

redirect_uri='{{ redirect_uri }}'
name='{{ app_name }}'
name_in_json='{{ self.name_in_json() }}'
graph='{{ graph_client_id }}'
scopes='{% for permission in permissions %}{{ permission.name }}{% if !loop.last %} {% endif %}{% endfor %}'
permissions='{% for permission in permissions %}{{ permission.id }}{% if !loop.last %} {% endif %}{% endfor %}'
{% if let Some(trust) = trust %}# {{ messages.federation }}
issuer='{{ trust.issuer }}'
subject='{{ trust.subject }}'
audience='{{ trust.audience() }}'
{% endif %}
stop() {
    printf '%s\n' "$1" >&2
    exit "${2:-1}"
}

# It takes a moment before a new app is known everywhere.
again() {
    local pause
    for pause in 0 5 10 20; do
        sleep "$pause"
        if "$@"; then
            return
        fi
    done
    return 1
}

listed() {
    printf '%s:\n%s\n' "$1" "${2:-{{ messages.none }}}"
}

days=
certificate=
{% if trust.is_some() %}federated=
ends=
{% endif %}app=
while (($# > 0)); do
    case $1 in
    --days) days=${2:-0} ;;
    --certificate) certificate=${2:-teams-connect.cer} ;;
    --app) app=${2:-} ;;
{%- if trust.is_some() %}
    --federated)
        federated=yes
        shift
        continue
        ;;
{%- endif %}
    *) stop '{{ messages.run }} bash teams-connect.sh [--days 180] [--certificate teams-connect.cer]{% if trust.is_some() %} [--federated]{% endif %} [--app ID]' 2 ;;
    esac
    shift $(($# > 1 ? 2 : 1))
done

{% if trust.is_some() %}if [[ -n $federated ]]; then
    [[ -z $days$certificate ]] || stop '{{ messages.one_credential }}' 2
el{% endif %}if [[ -n $certificate ]]; then
    [[ -z $days ]] || stop '{{ messages.days_of_certificate }}' 2
    ends=$(openssl x509 -noout -enddate -in "$certificate") || stop '{{ messages.certificate_unreadable }}' 2
    ends=${ends#notAfter=}
else
    days=${days:-365}
    if ! [[ $days =~ ^[1-9][0-9]{0,2}$ ]] || ((days > 730)); then
        stop '{{ messages.days_wrong }}' 2
    fi
    # GNU date or macOS date.
    ends=$(date -u -d "+$days days" +%F 2>/dev/null || date -u -v "+${days}d" +%F)
fi

if ! tenant=$(az account show --query tenantId --output tsv 2>/dev/null); then
    stop '{{ messages.sign_in }} az login --allow-no-subscriptions'
fi
graph_url=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
graph_url=${graph_url%/}/v1.0

# Created through Graph: `az ad app create` would adopt any existing app with this name.
create() {
    local taken access='' id quote="'"
    # In OData a quotation mark is doubled.
    taken=$(az ad app list --filter "displayName eq '${name//"$quote"/$quote$quote}'" --query '[].appId' --output tsv)
    [[ -z $taken ]] || stop "{{ messages.taken }} --app
$taken"
    for id in $permissions; do
        access+="${access:+,}{\"id\":\"$id\",\"type\":\"Scope\"}"
    done
    made=$(az rest --method post --url "$graph_url/applications" --query "join(' ', [id, appId])" --output tsv --body "{
        \"displayName\":$name_in_json,
        \"signInAudience\":\"AzureADMyOrg\",
        \"web\":{\"redirectUris\":[\"$redirect_uri\"]},
        \"requiredResourceAccess\":[{\"resourceAppId\":\"$graph\",\"resourceAccess\":[$access]}]
    }")
    read -r object app <<<"$made"
}

# An app given by its ID: whatever it has stays, and what is missing is added.
adopt() {
    local found answer='' known id uris uri missing=()
    found=$(az ad app show --id "$app" --query "join(' ', [id, appId])" --output tsv 2>/dev/null) ||
        stop '{{ messages.no_such_app }}'
    read -r object app <<<"$found"
    printf '%s\n\n' '{{ messages.adopt }}'
    listed '{{ messages.owners }}' "$(az ad app owner list --id "$object" --output tsv \
        --query "[].join('  ', [displayName || '-', userPrincipalName || appId || id])")"
    listed '{{ messages.secrets }}' "$(az ad app credential list --id "$object" --output tsv \
        --query "[].join('  ', [displayName || '-', endDateTime])")"
    listed '{{ messages.certificates }}' "$(az ad app credential list --id "$object" --cert --output tsv \
        --query "[].join('  ', [displayName || '-', endDateTime])")"
    listed '{{ messages.federated }}' "$(az ad app federated-credential list --id "$object" --output tsv \
        --query "[].join('  ', [name, issuer, subject])")"
    listed '{{ messages.redirect_uris }}' "$(az ad app show --id "$object" --output tsv \
        --query '[web, spa, publicClient][].redirectUris[]')"
    read -r -p $'\n{{ messages.confirm }} ' answer || true
    [[ $answer == '{{ messages.yes }}' ]] || stop '{{ messages.stopped }}'

    uris=("$redirect_uri")
    known=$(az ad app show --id "$object" --query 'web.redirectUris' --output tsv)
    while IFS= read -r uri; do
        [[ -z $uri || $uri == "$redirect_uri" ]] || uris+=("$uri")
    done <<<"$known"
    az ad app update --id "$object" --web-redirect-uris "${uris[@]}"
    known=$(az ad app permission list --id "$object" --output tsv \
        --query "[?resourceAppId=='$graph'].resourceAccess[].id")
    for id in $permissions; do
        [[ $known == *"$id"* ]] || missing+=("$id=Scope")
    done
    if [[ -n ${missing[*]-} ]]; then
        az ad app permission add --id "$object" --api "$graph" --api-permissions "${missing[@]}" --only-show-errors
    fi
}

# The administrator's consent for everybody. `az ad app permission grant` would delete earlier grants.
consent() {
    local graph_principal found grant granted missing='' scope
    graph_principal=$(az ad sp list --filter "appId eq '$graph'" --query '[0].id' --output tsv) || return
    found=$(az ad app permission list-grants --output tsv \
        --filter "clientId eq '$principal' and consentType eq 'AllPrincipals'" \
        --query "[?resourceId=='$graph_principal'].join(' ', [id, scope]) | [0]") || return
    if [[ -z $found ]]; then
        az rest --method post --url "$graph_url/oauth2PermissionGrants" --output none --body "{
            \"clientId\":\"$principal\",
            \"consentType\":\"AllPrincipals\",
            \"resourceId\":\"$graph_principal\",
            \"scope\":\"$scopes\"
        }"
        return
    fi
    read -r grant granted <<<"$found"
    for scope in $scopes; do
        [[ " $granted " == *" $scope "* ]] || missing+=" $scope"
    done
    [[ -z $missing ]] || az rest --method patch --url "$graph_url/oauth2PermissionGrants/$grant" --output none \
        --body "{\"scope\":\"$granted$missing\"}"
}

if [[ -n $app ]]; then
    adopt
else
    create
fi
principal=$(az ad sp list --filter "appId eq '$app'" --query '[0].id' --output tsv)
[[ -n $principal ]] || principal=$(again az ad sp create --id "$app" --query id --output tsv)
again consent || printf '%s\n' '{{ messages.consent_missing }}' >&2

{% if trust.is_some() %}# A credential of this name is one of ours. It gets exactly these values.
trust() {
    local label="teams-connect-$subject" values known
    values="\"issuer\":\"$issuer\",\"subject\":\"$subject\",\"audiences\":[\"$audience\"]"
    known=$(az ad app federated-credential list --id "$object" --query "[?name=='$label'].id" --output tsv) || return
    if [[ -n $known ]]; then
        az ad app federated-credential update --id "$object" --federated-credential-id "$known" --output none \
            --parameters "{$values}"
    else
        az ad app federated-credential create --id "$object" --output none --parameters "{\"name\":\"$label\",$values}"
    fi
}

{% endif %}# With --append the app keeps its credentials. Without a date, az makes a certificate valid for one year.
reset=(az ad app credential reset --id "$object" --append --display-name '{{ credential_name }}' --end-date "$ends" --only-show-errors)
refused="{{ messages.credential_refused }} --app $app"
{% if trust.is_some() %}if [[ -n $federated ]]; then
    trust || stop "{{ messages.federation_refused }} --app $app"
    credential='{{ messages.federation_chosen }}'
el{% endif %}if [[ -n $certificate ]]; then
    "${reset[@]}" --cert "@$certificate" --output none || stop "$refused"
    credential='{{ messages.certificate_chosen }}'
else
    secret=$("${reset[@]}" --query password --output tsv) || stop "$refused"
    credential="{{ messages.client_secret }}
   $secret
   {{ messages.expires_on }} $ends"
fi

cat <<VALUES

{{ messages.paste }}

A  {{ messages.client_id }}
   $app
B  {{ messages.tenant }}
   $tenant
C  $credential
VALUES
