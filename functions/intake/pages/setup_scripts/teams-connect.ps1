#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Applications, Microsoft.Graph.Identity.SignIns
# {{ messages.purpose }}
# {{ messages.run }} ./teams-connect.ps1 [-Days 180]
# {{ messages.with_certificate }} ./teams-connect.ps1 -Certificate ./teams-connect.cer
{% if trust.is_some() %}# {{ messages.with_federation }} ./teams-connect.ps1 -Federated
{% endif %}# {{ messages.with_app }} ./teams-connect.ps1 -App 00000000-0000-0000-0000-000000000000
param([ValidateRange(1, 730)][int]$Days = 365, [string]$Certificate, {% if trust.is_some() %}[switch]$Federated, {% endif %}[string]$App)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$redirectUri = '{{ redirect_uri }}'
$name = '{{ app_name }}'
$graphId = '{{ graph_client_id }}'
$permissions = [ordered]@{
{%- for permission in permissions %}
    '{{ permission.name }}' = '{{ permission.id }}'
{%- endfor %}
}
{% if let Some(trust) = trust %}# {{ messages.federation }}
$label = 'teams-connect-{{ trust.subject }}'
$trust = @{
    Issuer    = '{{ trust.issuer }}'
    Subject   = '{{ trust.subject }}'
    Audiences = @('{{ trust.audience() }}')
}
{% endif %}
{% if trust.is_some() %}if ($Federated) {
    if ($Certificate -or $PSBoundParameters.ContainsKey('Days')) {
        throw '{{ messages.one_credential }}'
    }
} else{% endif %}if ($Certificate) {
    if ($PSBoundParameters.ContainsKey('Days')) {
        throw '{{ messages.days_of_certificate }}'
    }
    $file = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new((Resolve-Path $Certificate).Path)
    $starts = $file.NotBefore.ToUniversalTime()
    $ends = $file.NotAfter.ToUniversalTime()
} else {
    $ends = (Get-Date).ToUniversalTime().Date.AddDays($Days)
}

Connect-MgGraph -Scopes 'Application.ReadWrite.All', 'DelegatedPermissionGrant.ReadWrite.All' -NoWelcome

if ($App) {
    # An app given by its ID: whatever it has stays, and what is missing is added.
    $application = Get-MgApplication -Filter "appId eq '$App'"
    if (-not $application) {
        throw '{{ messages.no_such_app }}'
    }
    $uris = @(foreach ($uri in $application.Web.RedirectUris) { $uri })
    $holders = [ordered]@{
        '{{ messages.owners }}'        = @(foreach ($owner in Get-MgApplicationOwner -ApplicationId $application.Id -All) {
                "$($owner.AdditionalProperties['displayName'])  $($owner.AdditionalProperties['userPrincipalName'])"
            })
        '{{ messages.secrets }}'       = @(foreach ($secret in $application.PasswordCredentials) {
                "$($secret.DisplayName)  $($secret.EndDateTime)"
            })
        '{{ messages.certificates }}'  = @(foreach ($key in $application.KeyCredentials) {
                "$($key.DisplayName)  $($key.EndDateTime)"
            })
        '{{ messages.federated }}'     = @(foreach ($federated in Get-MgApplicationFederatedIdentityCredential -ApplicationId $application.Id -All) {
                "$($federated.Name)  $($federated.Issuer)  $($federated.Subject)"
            })
        '{{ messages.redirect_uris }}' = @(foreach ($platform in $application.Web, $application.Spa, $application.PublicClient) {
                foreach ($uri in $platform.RedirectUris) { $uri }
            })
    }
    Write-Output '{{ messages.adopt }}' ''
    foreach ($title in $holders.Keys) {
        Write-Output ($title + ':')
        if ($holders[$title]) {
            Write-Output $holders[$title]
        } else {
            Write-Output '{{ messages.none }}'
        }
    }
    if ((Read-Host '{{ messages.confirm }}') -ne '{{ messages.yes }}') {
        throw '{{ messages.stopped }}'
    }
    if ($redirectUri -notin $uris) {
        Update-MgApplication -ApplicationId $application.Id -Web @{ RedirectUris = $uris + $redirectUri }
    }
    $others = @(foreach ($entry in $application.RequiredResourceAccess) { if ($entry.ResourceAppId -ne $graphId) { $entry } })
    $access = @(foreach ($entry in $application.RequiredResourceAccess) { if ($entry.ResourceAppId -eq $graphId) { $entry.ResourceAccess } })
    $known = @(foreach ($permission in $access) { $permission.Id })
    $missing = @(foreach ($id in $permissions.Values) { if ($id -notin $known) { @{ Id = $id; Type = 'Scope' } } })
    if ($missing) {
        $entry = @{ ResourceAppId = $graphId; ResourceAccess = $access + $missing }
        Update-MgApplication -ApplicationId $application.Id -RequiredResourceAccess ($others + $entry)
    }
} else {
    # In OData a quotation mark is doubled.
    $taken = @(foreach ($other in Get-MgApplication -Filter "displayName eq '$($name.Replace("'", "''"))'" -All) { $other.AppId })
    if ($taken) {
        throw '{{ messages.taken }} -App ' + ($taken -join ' ')
    }
    $settings = @{
        DisplayName            = $name
        SignInAudience         = 'AzureADMyOrg'
        Web                    = @{ RedirectUris = @($redirectUri) }
        RequiredResourceAccess = @(@{
                ResourceAppId  = $graphId
                ResourceAccess = @(foreach ($id in $permissions.Values) { @{ Id = $id; Type = 'Scope' } })
            })
    }
    $application = New-MgApplication @settings
}

$principal = Get-MgServicePrincipal -Filter "appId eq '$($application.AppId)'"
# It takes a moment before a new app is known everywhere.
foreach ($pause in 0, 5, 10, 20) {
    if (-not $principal) {
        Start-Sleep -Seconds $pause
        try {
            $principal = New-MgServicePrincipal -AppId $application.AppId
        } catch {
            $problem = $_
        }
    }
}
if (-not $principal) {
    throw $problem
}

# The administrator's consent for everybody. Earlier grants stay.
$graph = Get-MgServicePrincipal -Filter "appId eq '$graphId'"
try {
    $filter = "clientId eq '$($principal.Id)' and resourceId eq '$($graph.Id)' and consentType eq 'AllPrincipals'"
    $grant = Get-MgOauth2PermissionGrant -Filter $filter
    if ($grant) {
        $granted = @($grant.Scope.Trim() -split ' +')
        $missing = @(foreach ($scope in $permissions.Keys) { if ($scope -notin $granted) { $scope } })
        $change = @{ OAuth2PermissionGrantId = $grant.Id; Scope = ($granted + $missing) -join ' ' }
        if ($missing) {
            Update-MgOauth2PermissionGrant @change
        }
    } else {
        New-MgOauth2PermissionGrant -ClientId $principal.Id -ResourceId $graph.Id -ConsentType 'AllPrincipals' -Scope ($permissions.Keys -join ' ') | Out-Null
    }
} catch {
    Write-Warning ('{{ messages.consent_missing }}' + " $_")
}

try {
    {% if trust.is_some() %}if ($Federated) {
        # A credential of this name is one of ours. It gets exactly these values.
        $known = Get-MgApplicationFederatedIdentityCredential -ApplicationId $application.Id -Filter "name eq '$label'"
        if ($known) {
            Update-MgApplicationFederatedIdentityCredential -ApplicationId $application.Id -FederatedIdentityCredentialId $known.Id @trust
        } else {
            New-MgApplicationFederatedIdentityCredential -ApplicationId $application.Id -Name $label @trust | Out-Null
        }
    } else{% endif %}if ($Certificate) {
        # The list is replaced as a whole, so existing entries are kept in it.
        $known = @((Get-MgApplication -ApplicationId $application.Id -Property 'KeyCredentials').KeyCredentials)
        $added = @{ Type = 'AsymmetricX509Cert'; Usage = 'Verify'; Key = $file.RawData; DisplayName = '{{ credential_name }}'; StartDateTime = $starts; EndDateTime = $ends }
        Update-MgApplication -ApplicationId $application.Id -KeyCredentials ($known + $added)
    } else {
        $secret = Add-MgApplicationPassword -ApplicationId $application.Id -PasswordCredential @{ DisplayName = '{{ credential_name }}'; EndDateTime = $ends }
    }
} catch {
    {% if trust.is_some() %}if ($Federated) {
        throw '{{ messages.federation_refused }} -App ' + "$($application.AppId) $_"
    }
    {% endif %}throw '{{ messages.credential_refused }} -App ' + "$($application.AppId) $_"
}

Write-Output '' '{{ messages.paste }}' ''
Write-Output 'A  {{ messages.client_id }}' "   $($application.AppId)"
Write-Output 'B  {{ messages.tenant }}' "   $((Get-MgContext).TenantId)"
{% if trust.is_some() %}if ($Federated) {
    Write-Output 'C  {{ messages.federation_chosen }}'
} else{% endif %}if ($Certificate) {
    Write-Output 'C  {{ messages.certificate_chosen }}'
} else {
    Write-Output 'C  {{ messages.client_secret }}' "   $($secret.SecretText)"
    Write-Output ('   {{ messages.expires_on }} ' + $ends.ToString('yyyy-MM-dd'))
}
