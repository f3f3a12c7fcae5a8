#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

/// DynamoDB's expressions over items in their wire form (`{"name":{"S":"text"}}`), really evaluated: comparisons, AND,
/// OR, NOT, parentheses, attribute_exists, attribute_not_exists, begins_with; SET, ADD and REMOVE. Names stand bare,
/// which DynamoDB refuses for its 573 reserved words; all of these are single words, so that here a name other than
/// `pk` and `sk` must have an underscore.
namespace fa::test {

/// Whether the condition holds; nullopt: the service would refuse the expression.
std::optional<bool> condition_holds(std::string_view expression, const Json& item, const Json& values);

/// The same for many items, each in its turn.
std::optional<std::vector<bool>> condition_holds_for(std::string_view expression, const std::vector<const Json*>& items,
                                                     const Json& values);

/// Changes the item. False: the service would refuse the expression.
bool apply_update(std::string_view expression, Json& item, const Json& values);

}  // namespace fa::test
