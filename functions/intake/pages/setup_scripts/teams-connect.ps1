#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Applications, Microsoft.Graph.Identity.SignIns
# {{ messages.purpose }}
# {{ messages.run }} ./teams-connect.ps1 [-Months 12]
# {{ messages.with_certificate }} ./teams-connect.ps1 -Certificate ./teams-connect.cer
param([ValidateRange(1, 24)][int]$Months = 12, [string]$Certificate)

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
$scopes = $permissions.Keys -join ' '

Connect-MgGraph -Scopes 'Application.ReadWrite.All', 'DelegatedPermissionGrant.ReadWrite.All' -NoWelcome

$settings = @{
    DisplayName            = $name
    SignInAudience         = 'AzureADMyOrg'
    Web                    = @{ RedirectUris = @($redirectUri) }
    RequiredResourceAccess = @(@{
            ResourceAppId  = $graphId
            ResourceAccess = @($permissions.Values | ForEach-Object { @{ Id = $_; Type = 'Scope' } })
        })
}
# An app of this name is completed: nothing is made twice.
$app = Get-MgApplication -Filter "displayName eq '$name'" -Top 1
if ($app) {
    Update-MgApplication -ApplicationId $app.Id @settings
} else {
    $app = New-MgApplication @settings
}
$principal = Get-MgServicePrincipal -Filter "appId eq '$($app.AppId)'"
if (-not $principal) {
    $principal = New-MgServicePrincipal -AppId $app.AppId
}

$graph = Get-MgServicePrincipal -Filter "appId eq '$graphId'"
try {
    $filter = "clientId eq '$($principal.Id)' and resourceId eq '$($graph.Id)' and consentType eq 'AllPrincipals'"
    $grant = Get-MgOauth2PermissionGrant -Filter $filter
    if ($grant) {
        $change = @{ OAuth2PermissionGrantId = $grant.Id; Scope = $scopes }
        Update-MgOauth2PermissionGrant @change
    } else {
        New-MgOauth2PermissionGrant -ClientId $principal.Id -ResourceId $graph.Id -ConsentType 'AllPrincipals' -Scope $scopes | Out-Null
    }
} catch {
    Write-Warning ('{{ messages.consent_missing }}' + " $_")
}

if ($Certificate) {
    $file = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new((Resolve-Path $Certificate).Path)
    # The list is replaced as a whole, so what is there stays in it.
    $known = @((Get-MgApplication -ApplicationId $app.Id -Property 'KeyCredentials').KeyCredentials)
    $added = @{ Type = 'AsymmetricX509Cert'; Usage = 'Verify'; Key = $file.RawData; DisplayName = 'Teams Connect' }
    Update-MgApplication -ApplicationId $app.Id -KeyCredentials ($known + $added)
} else {
    $expires = (Get-Date).ToUniversalTime().Date.AddMonths($Months)
    $secret = Add-MgApplicationPassword -ApplicationId $app.Id -PasswordCredential @{ DisplayName = 'Teams Connect'; EndDateTime = $expires }
}

Write-Output '' '{{ messages.paste }}' ''
Write-Output 'A  {{ messages.client_id }}' "   $($app.AppId)"
Write-Output 'B  {{ messages.tenant }}' "   $((Get-MgContext).TenantId)"
if ($Certificate) {
    Write-Output 'C  {{ messages.certificate_chosen }}'
} else {
    Write-Output 'C  {{ messages.client_secret }}' "   $($secret.SecretText)"
    Write-Output ('   {{ messages.expires_on }} ' + $expires.ToString('yyyy-MM-dd'))
}
