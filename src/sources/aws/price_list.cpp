#include <fmt/core.h>
#include <toml++/toml.h>

#include "sources/aws/cost.h"
#include "sources/aws/prices_toml.h"  // made by CMake from prices.toml

namespace fa {

Result<PriceList> PriceList::parse(std::string_view toml, const std::string& name) {
  const auto wrong = [&](const toml::source_region& where, const std::string& what) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{}:{}: {}", name, where.begin.line, what));
  };
  PriceList list;
  try {
    const toml::table root = toml::parse(toml);
    const auto date = root["date"].value_exact<std::string>();
    if (!date) return wrong(root.source(), "expected date = \"YYYY-MM-DD\", the day the prices were looked up");
    list.date_ = *date;
    const toml::table* regions = root["usd"].as_table();
    if (regions == nullptr || !regions->contains("default")) {
      return wrong(root.source(), "expected a table [usd.default] with the prices of regions that are not listed");
    }
    for (const auto& [region, node] : *regions) {
      const toml::table* prices = node.as_table();
      if (prices == nullptr) return wrong(node.source(), "expected a table of prices");
      std::map<CostItem, double> of_region;
      for (const auto& [key, value] : *prices) {
        std::size_t item = 0;
        while (item < kCostItemCount && cost_item_name(static_cast<CostItem>(item)) != key.str()) ++item;
        if (item == kCostItemCount) {
          return wrong(key.source(), fmt::format("unknown price \"{}\"", std::string(key.str())));
        }
        const auto usd = value.value<double>();
        if (!usd || !(*usd >= 0)) return wrong(value.source(), "expected US dollars, 0 or more");
        of_region[static_cast<CostItem>(item)] = *usd;
      }
      list.regions_[std::string(region.str())] = std::move(of_region);
    }
  } catch (const toml::parse_error& e) {
    return wrong(e.source(), std::string(e.description()));
  }
  return list;
}

double PriceList::price(CostItem item, std::string_view region) const {
  for (const std::string_view name : {region, std::string_view("default")}) {
    const auto of_region = regions_.find(name);
    if (of_region == regions_.end()) continue;
    const auto price = of_region->second.find(item);
    if (price != of_region->second.end()) return price->second;
  }
  return 0;
}

const PriceList& PriceList::built_in() {
  static const PriceList kList = [] {
    auto parsed = parse(kPricesToml, "prices.toml");
    return parsed ? std::move(*parsed) : PriceList();  // a test holds that it parses
  }();
  return kList;
}

}  // namespace fa
