# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Users, what they may do, and where they stand.

resource "aws_connect_security_profile" "agent" {
  instance_id = aws_connect_instance.main.id
  name        = "Terraform agent"
  description = var.changed ? "Takes calls and calls" : "Takes calls"
  permissions = var.changed ? ["BasicAgentAccess", "MyContacts.View"] : ["BasicAgentAccess", "OutboundCallAccess"]
  tags        = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }
}

resource "aws_connect_user_hierarchy_structure" "company" {
  instance_id = aws_connect_instance.main.id

  hierarchy_structure {
    level_one {
      name = var.changed ? "Land" : "Country"
    }
    level_two {
      name = var.changed ? "Town" : "City"
    }
    level_three {
      name = var.changed ? "House" : "Building"
    }
    level_four {
      name = var.changed ? "Level" : "Floor"
    }
    level_five {
      name = var.changed ? "Group" : "Team"
    }
  }
}

resource "aws_connect_user_hierarchy_group" "country" {
  instance_id = aws_connect_instance.main.id
  name        = var.changed ? "Scotland" : "Wales"
  tags        = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }

  depends_on = [aws_connect_user_hierarchy_structure.company]
}

resource "aws_connect_user_hierarchy_group" "city" {
  instance_id     = aws_connect_instance.main.id
  name            = "Capital"
  parent_group_id = var.unread ? aws_connect_user_hierarchy_group.country.hierarchy_group_id : null
}

resource "aws_connect_user" "agent" {
  instance_id          = aws_connect_instance.main.id
  name                 = "agent"
  password             = var.unread ? "Ag3nt-of-terraform" : null
  routing_profile_id   = var.changed ? data.aws_connect_routing_profile.default.routing_profile_id : aws_connect_routing_profile.sales.routing_profile_id
  security_profile_ids = [var.changed ? data.aws_connect_security_profile.default_agent.security_profile_id : aws_connect_security_profile.agent.security_profile_id]
  hierarchy_group_id   = var.changed ? aws_connect_user_hierarchy_group.city.hierarchy_group_id : aws_connect_user_hierarchy_group.country.hierarchy_group_id
  tags                 = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }

  identity_info {
    first_name      = var.changed ? "Anna" : "Ann"
    last_name       = var.changed ? "Agente" : "Agent"
    email           = var.changed ? "anna@example.com" : "ann@example.com"
    secondary_email = var.changed ? "anna@example.net" : "ann@example.net"
  }

  phone_config {
    phone_type                    = var.changed ? "SOFT_PHONE" : "DESK_PHONE"
    desk_phone_number             = var.changed ? null : "+442079460004"
    after_contact_work_time_limit = var.changed ? 60 : 30
    auto_accept                   = var.changed ? true : false
  }
}

# With little to begin with; loses a group, as one who leaves a team.
resource "aws_connect_user" "second" {
  instance_id          = aws_connect_instance.main.id
  name                 = "second"
  password             = var.unread ? "Sec0nd-of-terraform" : null
  routing_profile_id   = data.aws_connect_routing_profile.default.routing_profile_id
  security_profile_ids = [data.aws_connect_security_profile.default_agent.security_profile_id]
  hierarchy_group_id   = var.changed ? null : aws_connect_user_hierarchy_group.city.hierarchy_group_id

  identity_info {
    first_name = "Sam"
    last_name  = "Second"
  }

  phone_config {
    phone_type        = "DESK_PHONE"
    desk_phone_number = var.changed ? "+442079460007" : "+442079460006"
  }
}
