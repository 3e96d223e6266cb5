<?php
// Does calls in the plain style of PHP, forms with brackets by curl, told in JSON.
$told = json_decode(stream_get_contents(STDIN), true);

function sent(string $url, array $params): array
{
    global $told;
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_POST => true,
        CURLOPT_FOLLOWLOCATION => true,
        CURLOPT_CAINFO => $told['ca_file'],
        CURLOPT_POSTFIELDS => http_build_query($params),
    ]);
    $body = curl_exec($curl);
    if ($body === false) {
        fwrite(STDERR, curl_error($curl));
        exit(1);
    }
    return ['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'said' => json_decode($body, true)];
}

function command(array $call): string
{
    return $call['method'] . '?' . http_build_query($call['params'] ?? []);
}

$auth = [];
$answers = [];
if (isset($told['oauth'])) {
    $renewed = sent($told['oauth']['url'] . '?' . http_build_query($told['oauth']['params']), []);
    $auth = ['auth' => $renewed['said']['access_token']];
    $answers['renewed'] = $renewed['said'];
}
foreach ($told['calls'] ?? [] as $call) {
    $answers['calls'][] = sent($told['root'] . $call['method'] . '.json', $auth + ($call['params'] ?? []));
}
if (isset($told['batch'])) {
    $params = ['halt' => $told['halt'] ?? 0, 'cmd' => array_map('command', $told['batch'])];
    $answers['batch'] = sent($told['root'] . 'batch.json', $auth + $params)['said'];
}
echo json_encode($answers, JSON_UNESCAPED_UNICODE);
