# {{ messages.purpose }}
# {{ messages.run }} terraform init && terraform apply && terraform output -raw client_secret
# {{ messages.with_certificate }} terraform apply -var certificate=teams-connect.cer
{%- if trust.is_some() %}
# {{ messages.with_federation }} terraform apply -var federated=true
{%- endif %}

terraform {
  required_version = ">= 1.5"
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.0"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.12"
    }
    tls = {
      source  = "hashicorp/tls"
      version = "~> 4.0"
    }
  }
}

variable "days" {
  description = "{{ messages.days }}"
  type        = number
  default     = 365

  validation {
    condition     = var.days >= 1 && var.days <= 730
    error_message = "{{ messages.days_wrong }}"
  }
}

variable "certificate" {
  description = "{{ messages.certificate_file }}"
  type        = string
  default     = ""
}

{% if trust.is_some() %}variable "federated" {
  description = "{{ messages.federation }}"
  type        = bool
  default     = false
}

{% endif %}locals {
  redirect_uri = "{{ redirect_uri }}"
  name         = "{{ app_name }}"
  graph        = "{{ graph_client_id }}"
  permissions = {
{%- for permission in permissions %}
    "{{ permission.name }}" = "{{ permission.id }}"
{%- endfor %}
  }
  with_secret  = var.certificate == ""{% if trust.is_some() %} && !var.federated{% endif %}
  # What Entra enforces: a certificate expires on its own date, and a secret on the given day.
  ends = one(concat(data.tls_certificate.ours[*].certificates[0].not_after, time_offset.expiry[*].rfc3339))
}

data "azuread_client_config" "current" {}

data "azuread_service_principal" "graph" {
  client_id = local.graph
}

data "tls_certificate" "ours" {
  count   = var.certificate == "" ? 0 : 1
  content = file(var.certificate)
}

# Anybody could have created an app with this name before; Terraform then stops.
resource "azuread_application" "teams_connect" {
  display_name            = local.name
  prevent_duplicate_names = true
  sign_in_audience        = "AzureADMyOrg"

  web {
    redirect_uris = [local.redirect_uri]
  }

  required_resource_access {
    resource_app_id = local.graph

    dynamic "resource_access" {
      for_each = local.permissions
      content {
        id   = resource_access.value
        type = "Scope"
      }
    }
  }
}

resource "azuread_service_principal" "teams_connect" {
  client_id = azuread_application.teams_connect.client_id
}

# The administrator's consent for everybody in the directory.
resource "azuread_service_principal_delegated_permission_grant" "consent" {
  service_principal_object_id          = azuread_service_principal.teams_connect.object_id
  resource_service_principal_object_id = data.azuread_service_principal.graph.object_id
  claim_values                         = keys(local.permissions)
}

resource "time_offset" "expiry" {
  count       = local.with_secret ? 1 : 0
  offset_days = var.days
}

resource "azuread_application_password" "teams_connect" {
  count          = local.with_secret ? 1 : 0
  application_id = azuread_application.teams_connect.id
  display_name   = "{{ credential_name }}"
  end_date       = local.ends
}
{%- if let Some(trust) = trust %}

# {{ messages.federation }}
resource "azuread_application_federated_identity_credential" "teams_connect" {
  count          = var.federated ? 1 : 0
  application_id = azuread_application.teams_connect.id
  display_name   = "teams-connect-{{ trust.subject }}"
  issuer         = "{{ trust.issuer }}"
  subject        = "{{ trust.subject }}"
  audiences      = ["{{ trust.audience() }}"]
}
{%- endif %}

resource "azuread_application_certificate" "teams_connect" {
  count          = var.certificate == "" ? 0 : 1
  application_id = azuread_application.teams_connect.id
  type           = "AsymmetricX509Cert"
  encoding       = "pem"
  value          = file(var.certificate)
  end_date       = local.ends
}

output "client_id" {
  description = "A: {{ messages.client_id }}"
  value       = azuread_application.teams_connect.client_id
}

output "tenant" {
  description = "B: {{ messages.tenant }}"
  value       = data.azuread_client_config.current.tenant_id
}

output "client_secret" {
  description = "C: {{ messages.client_secret }}"
  value       = one(azuread_application_password.teams_connect[*].value)
  sensitive   = true
}

output "expires_on" {
  description = "{{ messages.expires_on }}"
  value       = local.ends == null ? null : formatdate("YYYY-MM-DD", local.ends)
}
