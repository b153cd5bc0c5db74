locals {
  # Stage => route => the curl command that calls it. A shell ends a text at an apostrophe: '\'' stands for one.
  curl_commands = { for stage, url in local.api.invoke_urls : stage => {
    for route, example in module.integrations.examples : route => join(" ", concat(
      ["curl ${local.curl_methods[route]} '${url}${example.path}${local.curl_queries[route]}'"],
      example.signed ? [local.curl_signature] : [],
      [for header in example.headers : "-H '${header}'"],
      [for body in example.body[*] : "-H 'Content-Type: ${example.content_type}' -d '${replace(body, "'", "'\\''")}'"],
    ))
  } }

  # With -X HEAD, curl would wait for a body.
  curl_methods = { for route, example in module.integrations.examples : route =>
    example.method == "HEAD" ? "--head" : "-X ${example.method}"
  }

  curl_queries = { for route, example in module.integrations.examples : route =>
    join("", [for query in compact([join("&", example.query)]) : "?${query}"])
  }

  curl_signature = join(" ", [
    "--aws-sigv4 'aws:amz:${module.location.region}:execute-api'",
    "--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"",
    "-H \"x-amz-security-token: $AWS_SESSION_TOKEN\"",
  ])
}
