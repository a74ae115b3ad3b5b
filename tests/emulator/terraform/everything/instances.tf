# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Instances, where they keep their data, and what they may call.

resource "aws_connect_instance" "main" {
  identity_management_type         = "CONNECT_MANAGED"
  instance_alias                   = "terraform-main"
  inbound_calls_enabled            = var.changed ? false : true
  outbound_calls_enabled           = var.changed ? false : true
  auto_resolve_best_voices_enabled = var.changed ? false : true
  contact_flow_logs_enabled        = var.changed ? true : false
  contact_lens_enabled             = var.changed ? false : true
  early_media_enabled              = var.changed ? false : true
  multi_party_conference_enabled   = var.changed ? true : false
  tags                             = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }
}

# The phone number moves here; what is not given has the service's defaults.
resource "aws_connect_instance" "other" {
  identity_management_type = "SAML"
  instance_alias           = "terraform-other"
  inbound_calls_enabled    = true
  outbound_calls_enabled   = true
}

resource "aws_connect_instance_storage_config" "recordings" {
  instance_id   = aws_connect_instance.main.id
  resource_type = "CALL_RECORDINGS"

  storage_config {
    storage_type = "S3"
    s3_config {
      bucket_name   = var.bucket[var.changed ? 1 : 0]
      bucket_prefix = var.changed ? "calls" : "recordings"
      encryption_config {
        encryption_type = "KMS"
        key_id          = var.key[var.changed ? 1 : 0]
      }
    }
  }
}

resource "aws_connect_instance_storage_config" "video" {
  instance_id   = aws_connect_instance.main.id
  resource_type = "MEDIA_STREAMS"

  storage_config {
    storage_type = "KINESIS_VIDEO_STREAM"
    kinesis_video_stream_config {
      prefix                 = var.changed ? "films" : "video"
      retention_period_hours = var.changed ? 48 : 24
      encryption_config {
        encryption_type = "KMS"
        key_id          = var.key[var.changed ? 1 : 0]
      }
    }
  }
}

resource "aws_connect_instance_storage_config" "agent_events" {
  instance_id   = aws_connect_instance.main.id
  resource_type = "AGENT_EVENTS"

  storage_config {
    storage_type = "KINESIS_STREAM"
    kinesis_stream_config {
      stream_arn = "${local.streams}/${var.changed ? "agents" : "people"}"
    }
  }
}

# The kind of storage changes in place.
resource "aws_connect_instance_storage_config" "contact_records" {
  instance_id   = aws_connect_instance.main.id
  resource_type = "CONTACT_TRACE_RECORDS"

  storage_config {
    storage_type = var.changed ? "KINESIS_STREAM" : "KINESIS_FIREHOSE"

    dynamic "kinesis_firehose_config" {
      for_each = var.changed ? [] : ["${local.hoses}/contacts"]
      content {
        firehose_arn = kinesis_firehose_config.value
      }
    }

    dynamic "kinesis_stream_config" {
      for_each = var.changed ? ["${local.streams}/contacts"] : []
      content {
        stream_arn = kinesis_stream_config.value
      }
    }
  }
}

resource "aws_connect_lambda_function_association" "screen_pop" {
  instance_id  = aws_connect_instance.main.id
  function_arn = var.function
}

resource "aws_connect_phone_number" "service" {
  target_arn   = aws_connect_instance.main.arn
  country_code = "GB"
  type         = "DID"
  description  = "Service line"
  prefix       = var.unread ? "+44161" : null
  tags         = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }
}

# Of another country: two searches at the same time would offer both resources the same number.
resource "aws_connect_phone_number" "moving" {
  target_arn   = var.changed ? aws_connect_instance.other.arn : aws_connect_instance.main.arn
  country_code = "US"
  type         = "TOLL_FREE"
}
