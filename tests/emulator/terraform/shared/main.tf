# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The same settings as in playbook.yml beside this file.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {}

variable "alias" {
  type = string
}

variable "bucket" {
  type = list(string)
}

variable "key" {
  type = list(string)
}

variable "function" {
  type = string
}

variable "unread" {
  description = "Set what the service never gives back, so that an import cannot know it."
  type        = bool
  default     = true
}

resource "aws_connect_instance" "main" {
  identity_management_type  = "CONNECT_MANAGED"
  instance_alias            = var.alias
  inbound_calls_enabled     = true
  outbound_calls_enabled    = true
  contact_flow_logs_enabled = true
  tags                      = { Stage = "test" }
}

resource "aws_connect_instance_storage_config" "recordings" {
  instance_id   = aws_connect_instance.main.id
  resource_type = "CALL_RECORDINGS"

  storage_config {
    storage_type = "S3"
    s3_config {
      bucket_name   = var.bucket[0]
      bucket_prefix = "recordings"
      encryption_config {
        encryption_type = "KMS"
        key_id          = var.key[0]
      }
    }
  }
}

resource "aws_connect_hours_of_operation" "office" {
  instance_id = aws_connect_instance.main.id
  name        = "Office"
  description = "When the office is open"
  time_zone   = "Europe/Berlin"
  tags        = { Stage = "test" }

  config {
    day = "MONDAY"
    start_time {
      hours   = 8
      minutes = 30
    }
    end_time {
      hours   = 17
      minutes = 0
    }
  }

  config {
    day = "TUESDAY"
    start_time {
      hours   = 0
      minutes = 0
    }
    end_time {
      hours   = 0
      minutes = 0
    }
  }
}

resource "aws_connect_phone_number" "main" {
  target_arn   = aws_connect_instance.main.arn
  country_code = "GB"
  type         = "DID"
  description  = "Main line"
  tags         = { Stage = "test" }
}

resource "aws_connect_contact_flow" "main" {
  instance_id = aws_connect_instance.main.id
  name        = "Main"
  description = "Greets the caller"
  tags        = { Stage = "test" }
  content = jsonencode({
    Version     = "2019-10-30"
    StartAction = "greet"
    Actions = [
      {
        Identifier  = "greet"
        Type        = "MessageParticipant"
        Parameters  = { Text = "Hello" }
        Transitions = { NextAction = "end" }
      },
      { Identifier = "end", Type = "DisconnectParticipant", Parameters = {}, Transitions = {} }
    ]
  })
}

resource "aws_connect_queue" "sales" {
  instance_id           = aws_connect_instance.main.id
  name                  = "Sales"
  description           = "Orders"
  hours_of_operation_id = aws_connect_hours_of_operation.office.hours_of_operation_id
  max_contacts          = 10
  status                = "ENABLED"
  tags                  = { Stage = "test" }

  outbound_caller_config {
    outbound_caller_id_name      = "Sales"
    outbound_caller_id_number_id = aws_connect_phone_number.main.id
  }
}

resource "aws_connect_routing_profile" "sales" {
  instance_id               = aws_connect_instance.main.id
  name                      = "Sales"
  description               = "Takes calls"
  default_outbound_queue_id = aws_connect_queue.sales.queue_id
  tags                      = { Stage = "test" }

  media_concurrencies {
    channel     = "VOICE"
    concurrency = 1
  }

  media_concurrencies {
    channel     = "CHAT"
    concurrency = 2
  }

  queue_configs {
    channel  = "VOICE"
    delay    = 2
    priority = 1
    queue_id = aws_connect_queue.sales.queue_id
  }
}

resource "aws_connect_security_profile" "agent" {
  instance_id = aws_connect_instance.main.id
  name        = "Sales agent"
  description = "Takes calls"
  permissions = ["BasicAgentAccess", "OutboundCallAccess"]
  tags        = { Stage = "test" }
}

resource "aws_connect_user" "agent" {
  instance_id          = aws_connect_instance.main.id
  name                 = "agent"
  password             = var.unread ? "Ag3nt-of-the-tests" : null
  routing_profile_id   = aws_connect_routing_profile.sales.routing_profile_id
  security_profile_ids = [aws_connect_security_profile.agent.security_profile_id]
  tags                 = { Stage = "test" }

  identity_info {
    first_name = "Ann"
    last_name  = "Agent"
    email      = "ann@example.com"
  }

  phone_config {
    phone_type                    = "SOFT_PHONE"
    after_contact_work_time_limit = 30
    auto_accept                   = false
  }
}
