// Generated from docs/border.schema.json by `npm run generate`. Do not edit.
// @ts-nocheck: ajv writes JavaScript.
import type { ValidateFunction } from "ajv";
import ucs2length from "ajv/dist/runtime/ucs2length.js";
import type { BorderJson } from "./border-json.ts";

export const isBorderJson: ValidateFunction<BorderJson> = validate10;

const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"isBorderJson","title":"border.json","description":"What `privet run border.json` is told beside its policy. Paths count from the folder of border.json.","type":"object","additionalProperties":false,"required":["policy","listeners","networks"],"properties":{"$schema":{"type":"string"},"policy":{"type":"string","minLength":1,"description":"path of the policy, such as policies/ims-border.privet"},"shadow":{"description":"path of a policy on trial: it decides beside the one in force, differences are counted and logged, and nothing else happens; or an object","if":{"type":"string"},"then":{"type":"string","minLength":1},"else":{"type":"object","description":"write the path of the policy on trial, or { \"policy\": …, \"share\": … }","additionalProperties":false,"required":["policy"],"properties":{"policy":{"type":"string","minLength":1,"description":"path of the policy on trial"},"share":{"type":"number","exclusiveMinimum":0,"maximum":1,"description":"of the calls that it decides too, such as 0.1; every message of a call, or none. Default: 1"}}}},"secret":{"type":"string","description":"32 hexadecimal digits; the same in every border that serves the same traffic. It keys branches and flow parameters: changing it loses the calls in progress"},"secretFile":{"type":"string","minLength":1,"description":"path of a file that holds the secret"},"listeners":{"type":"array","minItems":1,"maxItems":200,"description":"one entry for each socket","items":{"type":"object","additionalProperties":false,"required":["name","transport","address","port"],"properties":{"name":{"type":"string","minLength":1,"description":"the name that the policy's `listener` lines use; several sockets may share it"},"transport":{"enum":["udp","tcp","tls"]},"address":{"type":"string","description":"an IP address of this machine, such as 127.0.0.1"},"port":{"type":"integer","minimum":0,"maximum":65535,"description":"0 takes any free port"},"host":{"type":"string","pattern":"^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[?[0-9A-Fa-f:.]+\\]?)$","description":"name or address by which peers reach this listener: it stands in Via and Record-Route, and a TLS peer compares it with our certificate (RFC 5922 7.5). Default: the address"},"certificate":{"type":"string","minLength":1,"description":"TLS: path of a PEM file, own certificate first, then the rest of its chain"},"key":{"type":"string","minLength":1,"description":"TLS: path of the PEM file of its private key"},"certificates":{"type":"array","minItems":1,"maxItems":1000,"description":"TLS: certificates for other domains that this listener serves; without `certificate` the first is shown where none fits","items":{"type":"object","additionalProperties":false,"required":["domains","certificate","key"],"properties":{"domains":{"type":"array","minItems":1,"maxItems":100,"items":{"type":"string"},"description":"SIP domains for which it is shown: a peer names one by SNI (RFC 5922 7.8), and of connections that we open it is one of the network that sends"},"host":{"type":"string","minLength":1,"description":"what stands in Via and Record-Route in the listener's place, for a network of these domains; the certificate names it (RFC 5922 7.5)"},"certificate":{"type":"string","minLength":1,"description":"path of a PEM file, own certificate first, then the rest of its chain"},"key":{"type":"string","minLength":1,"description":"path of the PEM file of its private key"}}}}},"if":{"properties":{"transport":{"const":"tls"}},"not":{"required":["certificates"]}},"then":{"required":["certificate","key"]}}},"networks":{"type":"object","description":"the policy's networks by name, `stranger` included; each with the hops that lead there","additionalProperties":{"type":"object","additionalProperties":false,"properties":{"hops":{"type":"array","maxItems":100,"items":{"type":"string"},"description":"next hops as transport:address:port, such as udp:192.0.2.1:5060. A hash of the transaction chooses one; the others are tried where it can't be connected to"},"listener":{"type":"string","description":"the listener from which this network is reached. Default: that of the policy"},"ping":{"type":"integer","minimum":1,"maximum":3600,"description":"seconds between two OPTIONS of the border to each hop; one that does not answer is asked last. Default: none are sent"},"numeric":{"type":"boolean","description":"a Request-URI or Route of our own users that names a public IP address may be followed without a hop"},"messages":{"type":"integer","minimum":1,"maximum":1000000,"description":"messages a second of the network as a whole, also of our own; as many may come at once"},"connections":{"type":"integer","minimum":1,"maximum":1000000,"description":"stream connections that it holds open at a time, also our own"}}}},"queue":{"type":"object","additionalProperties":false,"description":"what may wait for a connection to one target; more is refused with 503","properties":{"bytes":{"type":"integer","minimum":1,"maximum":268435456},"milliseconds":{"type":"integer","minimum":1,"maximum":32000},"total":{"type":"integer","minimum":1,"maximum":68719476736,"description":"bytes over all connections together; while more wait, streams are not read and datagrams not forwarded. Default: 268435456"}}},"connections":{"type":"object","additionalProperties":false,"description":"what each stream listener holds, and for how long","properties":{"idle":{"type":"integer","minimum":0,"maximum":604800,"description":"seconds without a byte either way until a stream is closed. Default 0: never, for partners keep their trunks open"},"open":{"type":"integer","minimum":1,"maximum":1000000,"description":"incoming connections of one listener at a time; the newest is closed. Default: 10000"},"halfOpen":{"type":"integer","minimum":1,"maximum":1000000,"description":"TLS handshakes under way at one listener at a time, with those that await their verdict; the newest is closed. Default: 1000"},"keepAlive":{"type":"integer","minimum":0,"maximum":86400,"description":"seconds of silence until a stream that the border opened is sent a double CRLF (RFC 5626 3.5.1). Default 0: never"}}},"lossy":{"enum":["accept"],"description":"\"accept\": requests may come over TCP or TLS and leave over UDP, where nobody sends again what is lost"},"oversize":{"enum":["send","refuse"],"description":"a request of more than 1,300 bytes whose target has no stream (RFC 3261 18.1.1): send it over UDP and tell so, or answer 513. Default: send"},"sources":{"type":"object","additionalProperties":false,"description":"what one source address outside our own networks may do (of IPv6: one network of 64 bits); more is refused with 503 on streams, and dropped over UDP","properties":{"messages":{"type":"integer","minimum":1,"maximum":1000000,"description":"messages a second; as many may come at once"},"connections":{"type":"integer","minimum":1,"maximum":10000,"description":"stream connections that it holds open at a time"},"newConnections":{"type":"integer","minimum":1,"maximum":100000,"description":"stream connections that it opens a second; as many may come at once"},"halfOpen":{"type":"integer","minimum":1,"maximum":10000,"description":"TLS handshakes under way at a time, with those that await their verdict"},"answers":{"type":"integer","minimum":1,"maximum":1000000,"description":"own answers of the border over UDP, a second; a request beyond is dropped. Default, also without `sources`: 50"}}},"dns":{"type":"object","additionalProperties":false,"required":["servers"],"description":"where a network has no hop and a message names no address, DNS is asked for the way (RFC 3263); without it, nobody is","properties":{"servers":{"description":"recursive name servers, in the order of asking: [\"192.0.2.53\", \"[2001:db8::53]:5353\"]; or \"system\"","if":{"type":"string"},"then":{"enum":["system"]},"else":{"type":"array","minItems":1,"maxItems":10,"items":{"type":"string"},"description":"name servers, or \"system\" for those of this machine"}},"milliseconds":{"type":"integer","minimum":100,"maximum":32000,"description":"for a whole location: then the messages that wait for it are answered 503. Default: 4000"},"cache":{"type":"integer","minimum":100,"maximum":10000000,"description":"answers that are remembered. Default: 10000"},"withdrawn":{"enum":["tell","refuse"],"description":"a domain that asked for TLS by SIPS records and does no longer (RFC 3263 7): tell of it, or also send nothing there in clear until they are back. Default: tell"}}},"workers":{"type":"integer","minimum":1,"maximum":256,"description":"processes that share the listeners, such as one for each processor. Default: 1"},"operation":{"type":"object","additionalProperties":false,"required":["port"],"description":"where /metrics, /livez and /readyz are answered over HTTP; without it, nowhere","properties":{"address":{"type":"string","description":"an IP address of this machine that only operators reach. Default: 127.0.0.1"},"port":{"type":"integer","minimum":0,"maximum":65535,"description":"0 takes any free port"}}},"publish":{"type":"object","additionalProperties":false,"required":["listen"],"description":"where DNS is answered for the domains that the policy publishes; without it, nowhere","properties":{"listen":{"type":"array","minItems":1,"maxItems":16,"description":"addresses of this machine with a port (default 53), such as 192.0.2.53:53 or [2001:db8::53]:53; UDP and TCP are bound to each. Port 0 takes any free one","items":{"type":"string","minLength":1}},"nameServers":{"type":"array","maxItems":16,"description":"names of the name servers of these domains, the primary one first: they stand in SOA and NS. Default: the first host that the policy publishes","items":{"type":"string","minLength":1}},"answers":{"type":"integer","minimum":1,"maximum":1000000,"description":"answers a second over UDP to one network (24 bits of IPv4, 56 of IPv6); of those beyond every second one is cut short, the others are dropped. Default: 50"},"total":{"type":"integer","minimum":1,"maximum":10000000,"description":"answers a second over UDP to everybody; those beyond are dropped. Default: 2000"}}},"log":{"description":"\"decisions\" or \"quiet\": lines for people; an object: JSON lines, of which `level` says which","if":{"type":"string"},"then":{"enum":["decisions","quiet"]},"else":{"type":"object","description":"write \"decisions\" or \"quiet\" for people, or { \"level\": … } for JSON lines","additionalProperties":false,"required":["level"],"properties":{"level":{"enum":["decisions","rejections","quiet"]},"identities":{"enum":["masked","shown"],"description":"masked (the default): no subscriber can be told from a line"},"accounts":{"type":"boolean","description":"all rules, marks and edits of what was forwarded or rejected: half a millisecond each"}}}}}};
const func2 = Object.prototype.hasOwnProperty;
const func3 = ucs2length.default;
const pattern0 = new RegExp("^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[?[0-9A-Fa-f:.]+\\]?)$", "u");
function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.policy === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "policy"},message:"must have required property '"+"policy"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.listeners === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "listeners"},message:"must have required property '"+"listeners"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.networks === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "networks"},message:"must have required property '"+"networks"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.$schema !== undefined){
let data0 = data.$schema;
if(typeof data0 !== "string"){
const err4 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.$schema.type,parentSchema:schema11.properties.$schema,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.policy !== undefined){
let data1 = data.policy;
if(typeof data1 === "string"){
if(func3(data1) < 1){
const err5 = {instancePath:instancePath+"/policy",schemaPath:"#/properties/policy/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.policy,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/policy",schemaPath:"#/properties/policy/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.policy.type,parentSchema:schema11.properties.policy,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.shadow !== undefined){
let data2 = data.shadow;
const _errs7 = errors;
let valid1 = true;
const _errs8 = errors;
if(typeof data2 !== "string"){
const err7 = {};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid0 = _errs8 === errors;
errors = _errs7;
if(vErrors !== null){
if(_errs7){
vErrors.length = _errs7;
}
else {
vErrors = null;
}
}
let ifClause0;
if(_valid0){
const _errs10 = errors;
if(typeof data2 === "string"){
if(func3(data2) < 1){
const err8 = {instancePath:instancePath+"/shadow",schemaPath:"#/properties/shadow/then/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.shadow.then,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/shadow",schemaPath:"#/properties/shadow/then/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.shadow.then.type,parentSchema:schema11.properties.shadow.then,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs10 === errors;
valid1 = _valid0;
ifClause0 = "then";
}
else {
const _errs12 = errors;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.policy === undefined){
const err10 = {instancePath:instancePath+"/shadow",schemaPath:"#/properties/shadow/else/required",keyword:"required",params:{missingProperty: "policy"},message:"must have required property '"+"policy"+"'",schema:schema11.properties.shadow.else.required,parentSchema:schema11.properties.shadow.else,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
for(const key1 in data2){
if(!((key1 === "policy") || (key1 === "share"))){
const err11 = {instancePath:instancePath+"/shadow",schemaPath:"#/properties/shadow/else/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.shadow.else,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.policy !== undefined){
let data3 = data2.policy;
if(typeof data3 === "string"){
if(func3(data3) < 1){
const err12 = {instancePath:instancePath+"/shadow/policy",schemaPath:"#/properties/shadow/else/properties/policy/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.shadow.else.properties.policy,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/shadow/policy",schemaPath:"#/properties/shadow/else/properties/policy/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.shadow.else.properties.policy.type,parentSchema:schema11.properties.shadow.else.properties.policy,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data2.share !== undefined){
let data4 = data2.share;
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1 || isNaN(data4)){
const err14 = {instancePath:instancePath+"/shadow/share",schemaPath:"#/properties/shadow/else/properties/share/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema11.properties.shadow.else.properties.share,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data4 <= 0 || isNaN(data4)){
const err15 = {instancePath:instancePath+"/shadow/share",schemaPath:"#/properties/shadow/else/properties/share/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema11.properties.shadow.else.properties.share,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/shadow/share",schemaPath:"#/properties/shadow/else/properties/share/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema11.properties.shadow.else.properties.share.type,parentSchema:schema11.properties.shadow.else.properties.share,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/shadow",schemaPath:"#/properties/shadow/else/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.shadow.else.type,parentSchema:schema11.properties.shadow.else,data:data2};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var _valid0 = _errs12 === errors;
valid1 = _valid0;
ifClause0 = "else";
}
if(!valid1){
const err18 = {instancePath:instancePath+"/shadow",schemaPath:"#/properties/shadow/if",keyword:"if",params:{failingKeyword: ifClause0},message:"must match \""+ifClause0+"\" schema",schema:schema11.properties.shadow.if,parentSchema:schema11.properties.shadow,data:data2};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.secret !== undefined){
let data5 = data.secret;
if(typeof data5 !== "string"){
const err19 = {instancePath:instancePath+"/secret",schemaPath:"#/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.secret.type,parentSchema:schema11.properties.secret,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.secretFile !== undefined){
let data6 = data.secretFile;
if(typeof data6 === "string"){
if(func3(data6) < 1){
const err20 = {instancePath:instancePath+"/secretFile",schemaPath:"#/properties/secretFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.secretFile,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/secretFile",schemaPath:"#/properties/secretFile/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.secretFile.type,parentSchema:schema11.properties.secretFile,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.listeners !== undefined){
let data7 = data.listeners;
if(Array.isArray(data7)){
if(data7.length > 200){
const err22 = {instancePath:instancePath+"/listeners",schemaPath:"#/properties/listeners/maxItems",keyword:"maxItems",params:{limit: 200},message:"must NOT have more than 200 items",schema:200,parentSchema:schema11.properties.listeners,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data7.length < 1){
const err23 = {instancePath:instancePath+"/listeners",schemaPath:"#/properties/listeners/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.listeners,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
const _errs27 = errors;
let valid5 = true;
const _errs28 = errors;
const _errs29 = errors;
const _errs30 = errors;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing0;
if((data8.certificates === undefined) && (missing0 = "certificates")){
const err24 = {};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
var valid6 = _errs30 === errors;
if(valid6){
const err25 = {};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
else {
errors = _errs29;
if(vErrors !== null){
if(_errs29){
vErrors.length = _errs29;
}
else {
vErrors = null;
}
}
}
if(errors === _errs28){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.transport !== undefined){
if("tls" !== data8.transport){
const err26 = {};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
}
var _valid1 = _errs28 === errors;
errors = _errs27;
if(vErrors !== null){
if(_errs27){
vErrors.length = _errs27;
}
else {
vErrors = null;
}
}
if(_valid1){
const _errs32 = errors;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.certificate === undefined){
const err27 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/then/required",keyword:"required",params:{missingProperty: "certificate"},message:"must have required property '"+"certificate"+"'",schema:schema11.properties.listeners.items.then.required,parentSchema:schema11.properties.listeners.items.then,data:data8};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data8.key === undefined){
const err28 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/then/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'",schema:schema11.properties.listeners.items.then.required,parentSchema:schema11.properties.listeners.items.then,data:data8};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
var _valid1 = _errs32 === errors;
valid5 = _valid1;
}
if(!valid5){
const err29 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema",schema:schema11.properties.listeners.items.if,parentSchema:schema11.properties.listeners.items,data:data8};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.name === undefined){
const err30 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema11.properties.listeners.items.required,parentSchema:schema11.properties.listeners.items,data:data8};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data8.transport === undefined){
const err31 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/required",keyword:"required",params:{missingProperty: "transport"},message:"must have required property '"+"transport"+"'",schema:schema11.properties.listeners.items.required,parentSchema:schema11.properties.listeners.items,data:data8};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data8.address === undefined){
const err32 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'",schema:schema11.properties.listeners.items.required,parentSchema:schema11.properties.listeners.items,data:data8};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data8.port === undefined){
const err33 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/required",keyword:"required",params:{missingProperty: "port"},message:"must have required property '"+"port"+"'",schema:schema11.properties.listeners.items.required,parentSchema:schema11.properties.listeners.items,data:data8};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
for(const key2 in data8){
if(!((((((((key2 === "name") || (key2 === "transport")) || (key2 === "address")) || (key2 === "port")) || (key2 === "host")) || (key2 === "certificate")) || (key2 === "key")) || (key2 === "certificates"))){
const err34 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.listeners.items,data:data8};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data8.name !== undefined){
let data10 = data8.name;
if(typeof data10 === "string"){
if(func3(data10) < 1){
const err35 = {instancePath:instancePath+"/listeners/" + i0+"/name",schemaPath:"#/properties/listeners/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.listeners.items.properties.name,data:data10};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/listeners/" + i0+"/name",schemaPath:"#/properties/listeners/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.name.type,parentSchema:schema11.properties.listeners.items.properties.name,data:data10};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data8.transport !== undefined){
let data11 = data8.transport;
if(!(((data11 === "udp") || (data11 === "tcp")) || (data11 === "tls"))){
const err37 = {instancePath:instancePath+"/listeners/" + i0+"/transport",schemaPath:"#/properties/listeners/items/properties/transport/enum",keyword:"enum",params:{allowedValues: schema11.properties.listeners.items.properties.transport.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.listeners.items.properties.transport.enum,parentSchema:schema11.properties.listeners.items.properties.transport,data:data11};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data8.address !== undefined){
let data12 = data8.address;
if(typeof data12 !== "string"){
const err38 = {instancePath:instancePath+"/listeners/" + i0+"/address",schemaPath:"#/properties/listeners/items/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.address.type,parentSchema:schema11.properties.listeners.items.properties.address,data:data12};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data8.port !== undefined){
let data13 = data8.port;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err39 = {instancePath:instancePath+"/listeners/" + i0+"/port",schemaPath:"#/properties/listeners/items/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.listeners.items.properties.port.type,parentSchema:schema11.properties.listeners.items.properties.port,data:data13};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 65535 || isNaN(data13)){
const err40 = {instancePath:instancePath+"/listeners/" + i0+"/port",schemaPath:"#/properties/listeners/items/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema11.properties.listeners.items.properties.port,data:data13};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(data13 < 0 || isNaN(data13)){
const err41 = {instancePath:instancePath+"/listeners/" + i0+"/port",schemaPath:"#/properties/listeners/items/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema11.properties.listeners.items.properties.port,data:data13};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
if(data8.host !== undefined){
let data14 = data8.host;
if(typeof data14 === "string"){
if(!pattern0.test(data14)){
const err42 = {instancePath:instancePath+"/listeners/" + i0+"/host",schemaPath:"#/properties/listeners/items/properties/host/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[?[0-9A-Fa-f:.]+\\]?)$"},message:"must match pattern \""+"^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[?[0-9A-Fa-f:.]+\\]?)$"+"\"",schema:"^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[?[0-9A-Fa-f:.]+\\]?)$",parentSchema:schema11.properties.listeners.items.properties.host,data:data14};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
else {
const err43 = {instancePath:instancePath+"/listeners/" + i0+"/host",schemaPath:"#/properties/listeners/items/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.host.type,parentSchema:schema11.properties.listeners.items.properties.host,data:data14};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data8.certificate !== undefined){
let data15 = data8.certificate;
if(typeof data15 === "string"){
if(func3(data15) < 1){
const err44 = {instancePath:instancePath+"/listeners/" + i0+"/certificate",schemaPath:"#/properties/listeners/items/properties/certificate/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.listeners.items.properties.certificate,data:data15};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/listeners/" + i0+"/certificate",schemaPath:"#/properties/listeners/items/properties/certificate/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.certificate.type,parentSchema:schema11.properties.listeners.items.properties.certificate,data:data15};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data8.key !== undefined){
let data16 = data8.key;
if(typeof data16 === "string"){
if(func3(data16) < 1){
const err46 = {instancePath:instancePath+"/listeners/" + i0+"/key",schemaPath:"#/properties/listeners/items/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.listeners.items.properties.key,data:data16};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
else {
const err47 = {instancePath:instancePath+"/listeners/" + i0+"/key",schemaPath:"#/properties/listeners/items/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.key.type,parentSchema:schema11.properties.listeners.items.properties.key,data:data16};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data8.certificates !== undefined){
let data17 = data8.certificates;
if(Array.isArray(data17)){
if(data17.length > 1000){
const err48 = {instancePath:instancePath+"/listeners/" + i0+"/certificates",schemaPath:"#/properties/listeners/items/properties/certificates/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items",schema:1000,parentSchema:schema11.properties.listeners.items.properties.certificates,data:data17};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(data17.length < 1){
const err49 = {instancePath:instancePath+"/listeners/" + i0+"/certificates",schemaPath:"#/properties/listeners/items/properties/certificates/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.listeners.items.properties.certificates,data:data17};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
const len1 = data17.length;
for(let i1=0; i1<len1; i1++){
let data18 = data17[i1];
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(data18.domains === undefined){
const err50 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1,schemaPath:"#/properties/listeners/items/properties/certificates/items/required",keyword:"required",params:{missingProperty: "domains"},message:"must have required property '"+"domains"+"'",schema:schema11.properties.listeners.items.properties.certificates.items.required,parentSchema:schema11.properties.listeners.items.properties.certificates.items,data:data18};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(data18.certificate === undefined){
const err51 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1,schemaPath:"#/properties/listeners/items/properties/certificates/items/required",keyword:"required",params:{missingProperty: "certificate"},message:"must have required property '"+"certificate"+"'",schema:schema11.properties.listeners.items.properties.certificates.items.required,parentSchema:schema11.properties.listeners.items.properties.certificates.items,data:data18};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data18.key === undefined){
const err52 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1,schemaPath:"#/properties/listeners/items/properties/certificates/items/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'",schema:schema11.properties.listeners.items.properties.certificates.items.required,parentSchema:schema11.properties.listeners.items.properties.certificates.items,data:data18};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
for(const key3 in data18){
if(!((((key3 === "domains") || (key3 === "host")) || (key3 === "certificate")) || (key3 === "key"))){
const err53 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1,schemaPath:"#/properties/listeners/items/properties/certificates/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.listeners.items.properties.certificates.items,data:data18};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data18.domains !== undefined){
let data19 = data18.domains;
if(Array.isArray(data19)){
if(data19.length > 100){
const err54 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/domains",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/domains/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items",schema:100,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.domains,data:data19};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(data19.length < 1){
const err55 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/domains",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/domains/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.domains,data:data19};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
const len2 = data19.length;
for(let i2=0; i2<len2; i2++){
let data20 = data19[i2];
if(typeof data20 !== "string"){
const err56 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/domains/" + i2,schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/domains/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.certificates.items.properties.domains.items.type,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.domains.items,data:data20};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/domains",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/domains/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.listeners.items.properties.certificates.items.properties.domains.type,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.domains,data:data19};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data18.host !== undefined){
let data21 = data18.host;
if(typeof data21 === "string"){
if(func3(data21) < 1){
const err58 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/host",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/host/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.host,data:data21};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/host",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.certificates.items.properties.host.type,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.host,data:data21};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data18.certificate !== undefined){
let data22 = data18.certificate;
if(typeof data22 === "string"){
if(func3(data22) < 1){
const err60 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/certificate",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/certificate/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.certificate,data:data22};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/certificate",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/certificate/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.certificates.items.properties.certificate.type,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.certificate,data:data22};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data18.key !== undefined){
let data23 = data18.key;
if(typeof data23 === "string"){
if(func3(data23) < 1){
const err62 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/key",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/key/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.key,data:data23};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1+"/key",schemaPath:"#/properties/listeners/items/properties/certificates/items/properties/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.listeners.items.properties.certificates.items.properties.key.type,parentSchema:schema11.properties.listeners.items.properties.certificates.items.properties.key,data:data23};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
else {
const err64 = {instancePath:instancePath+"/listeners/" + i0+"/certificates/" + i1,schemaPath:"#/properties/listeners/items/properties/certificates/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.listeners.items.properties.certificates.items.type,parentSchema:schema11.properties.listeners.items.properties.certificates.items,data:data18};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
}
else {
const err65 = {instancePath:instancePath+"/listeners/" + i0+"/certificates",schemaPath:"#/properties/listeners/items/properties/certificates/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.listeners.items.properties.certificates.type,parentSchema:schema11.properties.listeners.items.properties.certificates,data:data17};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
}
else {
const err66 = {instancePath:instancePath+"/listeners/" + i0,schemaPath:"#/properties/listeners/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.listeners.items.type,parentSchema:schema11.properties.listeners.items,data:data8};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
}
else {
const err67 = {instancePath:instancePath+"/listeners",schemaPath:"#/properties/listeners/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.listeners.type,parentSchema:schema11.properties.listeners,data:data7};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data.networks !== undefined){
let data24 = data.networks;
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
for(const key4 in data24){
let data25 = data24[key4];
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
for(const key5 in data25){
if(!((((((key5 === "hops") || (key5 === "listener")) || (key5 === "ping")) || (key5 === "numeric")) || (key5 === "messages")) || (key5 === "connections"))){
const err68 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/networks/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.networks.additionalProperties,data:data25};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
if(data25.hops !== undefined){
let data26 = data25.hops;
if(Array.isArray(data26)){
if(data26.length > 100){
const err69 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/hops",schemaPath:"#/properties/networks/additionalProperties/properties/hops/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items",schema:100,parentSchema:schema11.properties.networks.additionalProperties.properties.hops,data:data26};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
const len3 = data26.length;
for(let i3=0; i3<len3; i3++){
let data27 = data26[i3];
if(typeof data27 !== "string"){
const err70 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/hops/" + i3,schemaPath:"#/properties/networks/additionalProperties/properties/hops/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.networks.additionalProperties.properties.hops.items.type,parentSchema:schema11.properties.networks.additionalProperties.properties.hops.items,data:data27};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
else {
const err71 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/hops",schemaPath:"#/properties/networks/additionalProperties/properties/hops/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.networks.additionalProperties.properties.hops.type,parentSchema:schema11.properties.networks.additionalProperties.properties.hops,data:data26};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data25.listener !== undefined){
let data28 = data25.listener;
if(typeof data28 !== "string"){
const err72 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/listener",schemaPath:"#/properties/networks/additionalProperties/properties/listener/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.networks.additionalProperties.properties.listener.type,parentSchema:schema11.properties.networks.additionalProperties.properties.listener,data:data28};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data25.ping !== undefined){
let data29 = data25.ping;
if(!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))){
const err73 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/ping",schemaPath:"#/properties/networks/additionalProperties/properties/ping/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.networks.additionalProperties.properties.ping.type,parentSchema:schema11.properties.networks.additionalProperties.properties.ping,data:data29};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 > 3600 || isNaN(data29)){
const err74 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/ping",schemaPath:"#/properties/networks/additionalProperties/properties/ping/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600",schema:3600,parentSchema:schema11.properties.networks.additionalProperties.properties.ping,data:data29};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(data29 < 1 || isNaN(data29)){
const err75 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/ping",schemaPath:"#/properties/networks/additionalProperties/properties/ping/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.networks.additionalProperties.properties.ping,data:data29};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
if(data25.numeric !== undefined){
let data30 = data25.numeric;
if(typeof data30 !== "boolean"){
const err76 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/numeric",schemaPath:"#/properties/networks/additionalProperties/properties/numeric/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema11.properties.networks.additionalProperties.properties.numeric.type,parentSchema:schema11.properties.networks.additionalProperties.properties.numeric,data:data30};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data25.messages !== undefined){
let data31 = data25.messages;
if(!(((typeof data31 == "number") && (!(data31 % 1) && !isNaN(data31))) && (isFinite(data31)))){
const err77 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/messages",schemaPath:"#/properties/networks/additionalProperties/properties/messages/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.networks.additionalProperties.properties.messages.type,parentSchema:schema11.properties.networks.additionalProperties.properties.messages,data:data31};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 > 1000000 || isNaN(data31)){
const err78 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/messages",schemaPath:"#/properties/networks/additionalProperties/properties/messages/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema11.properties.networks.additionalProperties.properties.messages,data:data31};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(data31 < 1 || isNaN(data31)){
const err79 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/messages",schemaPath:"#/properties/networks/additionalProperties/properties/messages/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.networks.additionalProperties.properties.messages,data:data31};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
}
if(data25.connections !== undefined){
let data32 = data25.connections;
if(!(((typeof data32 == "number") && (!(data32 % 1) && !isNaN(data32))) && (isFinite(data32)))){
const err80 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/connections",schemaPath:"#/properties/networks/additionalProperties/properties/connections/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.networks.additionalProperties.properties.connections.type,parentSchema:schema11.properties.networks.additionalProperties.properties.connections,data:data32};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if((typeof data32 == "number") && (isFinite(data32))){
if(data32 > 1000000 || isNaN(data32)){
const err81 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/connections",schemaPath:"#/properties/networks/additionalProperties/properties/connections/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema11.properties.networks.additionalProperties.properties.connections,data:data32};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if(data32 < 1 || isNaN(data32)){
const err82 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/connections",schemaPath:"#/properties/networks/additionalProperties/properties/connections/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.networks.additionalProperties.properties.connections,data:data32};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
}
}
else {
const err83 = {instancePath:instancePath+"/networks/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/networks/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.networks.additionalProperties.type,parentSchema:schema11.properties.networks.additionalProperties,data:data25};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
}
else {
const err84 = {instancePath:instancePath+"/networks",schemaPath:"#/properties/networks/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.networks.type,parentSchema:schema11.properties.networks,data:data24};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data.queue !== undefined){
let data33 = data.queue;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
for(const key6 in data33){
if(!(((key6 === "bytes") || (key6 === "milliseconds")) || (key6 === "total"))){
const err85 = {instancePath:instancePath+"/queue",schemaPath:"#/properties/queue/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.queue,data:data33};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data33.bytes !== undefined){
let data34 = data33.bytes;
if(!(((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34))) && (isFinite(data34)))){
const err86 = {instancePath:instancePath+"/queue/bytes",schemaPath:"#/properties/queue/properties/bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.queue.properties.bytes.type,parentSchema:schema11.properties.queue.properties.bytes,data:data34};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if((typeof data34 == "number") && (isFinite(data34))){
if(data34 > 268435456 || isNaN(data34)){
const err87 = {instancePath:instancePath+"/queue/bytes",schemaPath:"#/properties/queue/properties/bytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268435456},message:"must be <= 268435456",schema:268435456,parentSchema:schema11.properties.queue.properties.bytes,data:data34};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if(data34 < 1 || isNaN(data34)){
const err88 = {instancePath:instancePath+"/queue/bytes",schemaPath:"#/properties/queue/properties/bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.queue.properties.bytes,data:data34};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
}
if(data33.milliseconds !== undefined){
let data35 = data33.milliseconds;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err89 = {instancePath:instancePath+"/queue/milliseconds",schemaPath:"#/properties/queue/properties/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.queue.properties.milliseconds.type,parentSchema:schema11.properties.queue.properties.milliseconds,data:data35};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 > 32000 || isNaN(data35)){
const err90 = {instancePath:instancePath+"/queue/milliseconds",schemaPath:"#/properties/queue/properties/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 32000},message:"must be <= 32000",schema:32000,parentSchema:schema11.properties.queue.properties.milliseconds,data:data35};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
if(data35 < 1 || isNaN(data35)){
const err91 = {instancePath:instancePath+"/queue/milliseconds",schemaPath:"#/properties/queue/properties/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.queue.properties.milliseconds,data:data35};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
}
if(data33.total !== undefined){
let data36 = data33.total;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
const err92 = {instancePath:instancePath+"/queue/total",schemaPath:"#/properties/queue/properties/total/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.queue.properties.total.type,parentSchema:schema11.properties.queue.properties.total,data:data36};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if((typeof data36 == "number") && (isFinite(data36))){
if(data36 > 68719476736 || isNaN(data36)){
const err93 = {instancePath:instancePath+"/queue/total",schemaPath:"#/properties/queue/properties/total/maximum",keyword:"maximum",params:{comparison: "<=", limit: 68719476736},message:"must be <= 68719476736",schema:68719476736,parentSchema:schema11.properties.queue.properties.total,data:data36};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(data36 < 1 || isNaN(data36)){
const err94 = {instancePath:instancePath+"/queue/total",schemaPath:"#/properties/queue/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.queue.properties.total,data:data36};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
}
}
else {
const err95 = {instancePath:instancePath+"/queue",schemaPath:"#/properties/queue/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.queue.type,parentSchema:schema11.properties.queue,data:data33};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data.connections !== undefined){
let data37 = data.connections;
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
for(const key7 in data37){
if(!((((key7 === "idle") || (key7 === "open")) || (key7 === "halfOpen")) || (key7 === "keepAlive"))){
const err96 = {instancePath:instancePath+"/connections",schemaPath:"#/properties/connections/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.connections,data:data37};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data37.idle !== undefined){
let data38 = data37.idle;
if(!(((typeof data38 == "number") && (!(data38 % 1) && !isNaN(data38))) && (isFinite(data38)))){
const err97 = {instancePath:instancePath+"/connections/idle",schemaPath:"#/properties/connections/properties/idle/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.connections.properties.idle.type,parentSchema:schema11.properties.connections.properties.idle,data:data38};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if((typeof data38 == "number") && (isFinite(data38))){
if(data38 > 604800 || isNaN(data38)){
const err98 = {instancePath:instancePath+"/connections/idle",schemaPath:"#/properties/connections/properties/idle/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800},message:"must be <= 604800",schema:604800,parentSchema:schema11.properties.connections.properties.idle,data:data38};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(data38 < 0 || isNaN(data38)){
const err99 = {instancePath:instancePath+"/connections/idle",schemaPath:"#/properties/connections/properties/idle/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema11.properties.connections.properties.idle,data:data38};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
}
if(data37.open !== undefined){
let data39 = data37.open;
if(!(((typeof data39 == "number") && (!(data39 % 1) && !isNaN(data39))) && (isFinite(data39)))){
const err100 = {instancePath:instancePath+"/connections/open",schemaPath:"#/properties/connections/properties/open/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.connections.properties.open.type,parentSchema:schema11.properties.connections.properties.open,data:data39};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if((typeof data39 == "number") && (isFinite(data39))){
if(data39 > 1000000 || isNaN(data39)){
const err101 = {instancePath:instancePath+"/connections/open",schemaPath:"#/properties/connections/properties/open/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema11.properties.connections.properties.open,data:data39};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(data39 < 1 || isNaN(data39)){
const err102 = {instancePath:instancePath+"/connections/open",schemaPath:"#/properties/connections/properties/open/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.connections.properties.open,data:data39};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
if(data37.halfOpen !== undefined){
let data40 = data37.halfOpen;
if(!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))){
const err103 = {instancePath:instancePath+"/connections/halfOpen",schemaPath:"#/properties/connections/properties/halfOpen/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.connections.properties.halfOpen.type,parentSchema:schema11.properties.connections.properties.halfOpen,data:data40};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if((typeof data40 == "number") && (isFinite(data40))){
if(data40 > 1000000 || isNaN(data40)){
const err104 = {instancePath:instancePath+"/connections/halfOpen",schemaPath:"#/properties/connections/properties/halfOpen/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema11.properties.connections.properties.halfOpen,data:data40};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(data40 < 1 || isNaN(data40)){
const err105 = {instancePath:instancePath+"/connections/halfOpen",schemaPath:"#/properties/connections/properties/halfOpen/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.connections.properties.halfOpen,data:data40};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
}
if(data37.keepAlive !== undefined){
let data41 = data37.keepAlive;
if(!(((typeof data41 == "number") && (!(data41 % 1) && !isNaN(data41))) && (isFinite(data41)))){
const err106 = {instancePath:instancePath+"/connections/keepAlive",schemaPath:"#/properties/connections/properties/keepAlive/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.connections.properties.keepAlive.type,parentSchema:schema11.properties.connections.properties.keepAlive,data:data41};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if((typeof data41 == "number") && (isFinite(data41))){
if(data41 > 86400 || isNaN(data41)){
const err107 = {instancePath:instancePath+"/connections/keepAlive",schemaPath:"#/properties/connections/properties/keepAlive/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400",schema:86400,parentSchema:schema11.properties.connections.properties.keepAlive,data:data41};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(data41 < 0 || isNaN(data41)){
const err108 = {instancePath:instancePath+"/connections/keepAlive",schemaPath:"#/properties/connections/properties/keepAlive/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema11.properties.connections.properties.keepAlive,data:data41};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
}
else {
const err109 = {instancePath:instancePath+"/connections",schemaPath:"#/properties/connections/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.connections.type,parentSchema:schema11.properties.connections,data:data37};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data.lossy !== undefined){
let data42 = data.lossy;
if(!(data42 === "accept")){
const err110 = {instancePath:instancePath+"/lossy",schemaPath:"#/properties/lossy/enum",keyword:"enum",params:{allowedValues: schema11.properties.lossy.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.lossy.enum,parentSchema:schema11.properties.lossy,data:data42};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
if(data.oversize !== undefined){
let data43 = data.oversize;
if(!((data43 === "send") || (data43 === "refuse"))){
const err111 = {instancePath:instancePath+"/oversize",schemaPath:"#/properties/oversize/enum",keyword:"enum",params:{allowedValues: schema11.properties.oversize.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.oversize.enum,parentSchema:schema11.properties.oversize,data:data43};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data.sources !== undefined){
let data44 = data.sources;
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
for(const key8 in data44){
if(!(((((key8 === "messages") || (key8 === "connections")) || (key8 === "newConnections")) || (key8 === "halfOpen")) || (key8 === "answers"))){
const err112 = {instancePath:instancePath+"/sources",schemaPath:"#/properties/sources/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.sources,data:data44};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data44.messages !== undefined){
let data45 = data44.messages;
if(!(((typeof data45 == "number") && (!(data45 % 1) && !isNaN(data45))) && (isFinite(data45)))){
const err113 = {instancePath:instancePath+"/sources/messages",schemaPath:"#/properties/sources/properties/messages/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.sources.properties.messages.type,parentSchema:schema11.properties.sources.properties.messages,data:data45};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if((typeof data45 == "number") && (isFinite(data45))){
if(data45 > 1000000 || isNaN(data45)){
const err114 = {instancePath:instancePath+"/sources/messages",schemaPath:"#/properties/sources/properties/messages/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema11.properties.sources.properties.messages,data:data45};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(data45 < 1 || isNaN(data45)){
const err115 = {instancePath:instancePath+"/sources/messages",schemaPath:"#/properties/sources/properties/messages/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.sources.properties.messages,data:data45};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
}
if(data44.connections !== undefined){
let data46 = data44.connections;
if(!(((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46))) && (isFinite(data46)))){
const err116 = {instancePath:instancePath+"/sources/connections",schemaPath:"#/properties/sources/properties/connections/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.sources.properties.connections.type,parentSchema:schema11.properties.sources.properties.connections,data:data46};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if((typeof data46 == "number") && (isFinite(data46))){
if(data46 > 10000 || isNaN(data46)){
const err117 = {instancePath:instancePath+"/sources/connections",schemaPath:"#/properties/sources/properties/connections/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000",schema:10000,parentSchema:schema11.properties.sources.properties.connections,data:data46};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(data46 < 1 || isNaN(data46)){
const err118 = {instancePath:instancePath+"/sources/connections",schemaPath:"#/properties/sources/properties/connections/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.sources.properties.connections,data:data46};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
}
if(data44.newConnections !== undefined){
let data47 = data44.newConnections;
if(!(((typeof data47 == "number") && (!(data47 % 1) && !isNaN(data47))) && (isFinite(data47)))){
const err119 = {instancePath:instancePath+"/sources/newConnections",schemaPath:"#/properties/sources/properties/newConnections/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.sources.properties.newConnections.type,parentSchema:schema11.properties.sources.properties.newConnections,data:data47};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
if((typeof data47 == "number") && (isFinite(data47))){
if(data47 > 100000 || isNaN(data47)){
const err120 = {instancePath:instancePath+"/sources/newConnections",schemaPath:"#/properties/sources/properties/newConnections/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100000},message:"must be <= 100000",schema:100000,parentSchema:schema11.properties.sources.properties.newConnections,data:data47};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
if(data47 < 1 || isNaN(data47)){
const err121 = {instancePath:instancePath+"/sources/newConnections",schemaPath:"#/properties/sources/properties/newConnections/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.sources.properties.newConnections,data:data47};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
}
if(data44.halfOpen !== undefined){
let data48 = data44.halfOpen;
if(!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))){
const err122 = {instancePath:instancePath+"/sources/halfOpen",schemaPath:"#/properties/sources/properties/halfOpen/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.sources.properties.halfOpen.type,parentSchema:schema11.properties.sources.properties.halfOpen,data:data48};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if((typeof data48 == "number") && (isFinite(data48))){
if(data48 > 10000 || isNaN(data48)){
const err123 = {instancePath:instancePath+"/sources/halfOpen",schemaPath:"#/properties/sources/properties/halfOpen/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000",schema:10000,parentSchema:schema11.properties.sources.properties.halfOpen,data:data48};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
if(data48 < 1 || isNaN(data48)){
const err124 = {instancePath:instancePath+"/sources/halfOpen",schemaPath:"#/properties/sources/properties/halfOpen/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.sources.properties.halfOpen,data:data48};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
}
if(data44.answers !== undefined){
let data49 = data44.answers;
if(!(((typeof data49 == "number") && (!(data49 % 1) && !isNaN(data49))) && (isFinite(data49)))){
const err125 = {instancePath:instancePath+"/sources/answers",schemaPath:"#/properties/sources/properties/answers/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.sources.properties.answers.type,parentSchema:schema11.properties.sources.properties.answers,data:data49};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if((typeof data49 == "number") && (isFinite(data49))){
if(data49 > 1000000 || isNaN(data49)){
const err126 = {instancePath:instancePath+"/sources/answers",schemaPath:"#/properties/sources/properties/answers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema11.properties.sources.properties.answers,data:data49};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
if(data49 < 1 || isNaN(data49)){
const err127 = {instancePath:instancePath+"/sources/answers",schemaPath:"#/properties/sources/properties/answers/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.sources.properties.answers,data:data49};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
}
}
else {
const err128 = {instancePath:instancePath+"/sources",schemaPath:"#/properties/sources/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.sources.type,parentSchema:schema11.properties.sources,data:data44};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data.dns !== undefined){
let data50 = data.dns;
if(data50 && typeof data50 == "object" && !Array.isArray(data50)){
if(data50.servers === undefined){
const err129 = {instancePath:instancePath+"/dns",schemaPath:"#/properties/dns/required",keyword:"required",params:{missingProperty: "servers"},message:"must have required property '"+"servers"+"'",schema:schema11.properties.dns.required,parentSchema:schema11.properties.dns,data:data50};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
for(const key9 in data50){
if(!((((key9 === "servers") || (key9 === "milliseconds")) || (key9 === "cache")) || (key9 === "withdrawn"))){
const err130 = {instancePath:instancePath+"/dns",schemaPath:"#/properties/dns/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.dns,data:data50};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
if(data50.servers !== undefined){
let data51 = data50.servers;
const _errs121 = errors;
let valid22 = true;
const _errs122 = errors;
if(typeof data51 !== "string"){
const err131 = {};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
var _valid2 = _errs122 === errors;
errors = _errs121;
if(vErrors !== null){
if(_errs121){
vErrors.length = _errs121;
}
else {
vErrors = null;
}
}
let ifClause1;
if(_valid2){
const _errs124 = errors;
if(!(data51 === "system")){
const err132 = {instancePath:instancePath+"/dns/servers",schemaPath:"#/properties/dns/properties/servers/then/enum",keyword:"enum",params:{allowedValues: schema11.properties.dns.properties.servers.then.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.dns.properties.servers.then.enum,parentSchema:schema11.properties.dns.properties.servers.then,data:data51};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
var _valid2 = _errs124 === errors;
valid22 = _valid2;
ifClause1 = "then";
}
else {
const _errs125 = errors;
if(Array.isArray(data51)){
if(data51.length > 10){
const err133 = {instancePath:instancePath+"/dns/servers",schemaPath:"#/properties/dns/properties/servers/else/maxItems",keyword:"maxItems",params:{limit: 10},message:"must NOT have more than 10 items",schema:10,parentSchema:schema11.properties.dns.properties.servers.else,data:data51};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if(data51.length < 1){
const err134 = {instancePath:instancePath+"/dns/servers",schemaPath:"#/properties/dns/properties/servers/else/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.dns.properties.servers.else,data:data51};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
const len4 = data51.length;
for(let i4=0; i4<len4; i4++){
let data52 = data51[i4];
if(typeof data52 !== "string"){
const err135 = {instancePath:instancePath+"/dns/servers/" + i4,schemaPath:"#/properties/dns/properties/servers/else/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.dns.properties.servers.else.items.type,parentSchema:schema11.properties.dns.properties.servers.else.items,data:data52};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
}
else {
const err136 = {instancePath:instancePath+"/dns/servers",schemaPath:"#/properties/dns/properties/servers/else/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.dns.properties.servers.else.type,parentSchema:schema11.properties.dns.properties.servers.else,data:data51};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
var _valid2 = _errs125 === errors;
valid22 = _valid2;
ifClause1 = "else";
}
if(!valid22){
const err137 = {instancePath:instancePath+"/dns/servers",schemaPath:"#/properties/dns/properties/servers/if",keyword:"if",params:{failingKeyword: ifClause1},message:"must match \""+ifClause1+"\" schema",schema:schema11.properties.dns.properties.servers.if,parentSchema:schema11.properties.dns.properties.servers,data:data51};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data50.milliseconds !== undefined){
let data53 = data50.milliseconds;
if(!(((typeof data53 == "number") && (!(data53 % 1) && !isNaN(data53))) && (isFinite(data53)))){
const err138 = {instancePath:instancePath+"/dns/milliseconds",schemaPath:"#/properties/dns/properties/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.dns.properties.milliseconds.type,parentSchema:schema11.properties.dns.properties.milliseconds,data:data53};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if((typeof data53 == "number") && (isFinite(data53))){
if(data53 > 32000 || isNaN(data53)){
const err139 = {instancePath:instancePath+"/dns/milliseconds",schemaPath:"#/properties/dns/properties/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 32000},message:"must be <= 32000",schema:32000,parentSchema:schema11.properties.dns.properties.milliseconds,data:data53};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if(data53 < 100 || isNaN(data53)){
const err140 = {instancePath:instancePath+"/dns/milliseconds",schemaPath:"#/properties/dns/properties/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100},message:"must be >= 100",schema:100,parentSchema:schema11.properties.dns.properties.milliseconds,data:data53};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
}
if(data50.cache !== undefined){
let data54 = data50.cache;
if(!(((typeof data54 == "number") && (!(data54 % 1) && !isNaN(data54))) && (isFinite(data54)))){
const err141 = {instancePath:instancePath+"/dns/cache",schemaPath:"#/properties/dns/properties/cache/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.dns.properties.cache.type,parentSchema:schema11.properties.dns.properties.cache,data:data54};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if((typeof data54 == "number") && (isFinite(data54))){
if(data54 > 10000000 || isNaN(data54)){
const err142 = {instancePath:instancePath+"/dns/cache",schemaPath:"#/properties/dns/properties/cache/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000000},message:"must be <= 10000000",schema:10000000,parentSchema:schema11.properties.dns.properties.cache,data:data54};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if(data54 < 100 || isNaN(data54)){
const err143 = {instancePath:instancePath+"/dns/cache",schemaPath:"#/properties/dns/properties/cache/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100},message:"must be >= 100",schema:100,parentSchema:schema11.properties.dns.properties.cache,data:data54};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
}
if(data50.withdrawn !== undefined){
let data55 = data50.withdrawn;
if(!((data55 === "tell") || (data55 === "refuse"))){
const err144 = {instancePath:instancePath+"/dns/withdrawn",schemaPath:"#/properties/dns/properties/withdrawn/enum",keyword:"enum",params:{allowedValues: schema11.properties.dns.properties.withdrawn.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.dns.properties.withdrawn.enum,parentSchema:schema11.properties.dns.properties.withdrawn,data:data55};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
}
else {
const err145 = {instancePath:instancePath+"/dns",schemaPath:"#/properties/dns/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.dns.type,parentSchema:schema11.properties.dns,data:data50};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
if(data.workers !== undefined){
let data56 = data.workers;
if(!(((typeof data56 == "number") && (!(data56 % 1) && !isNaN(data56))) && (isFinite(data56)))){
const err146 = {instancePath:instancePath+"/workers",schemaPath:"#/properties/workers/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.workers.type,parentSchema:schema11.properties.workers,data:data56};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if((typeof data56 == "number") && (isFinite(data56))){
if(data56 > 256 || isNaN(data56)){
const err147 = {instancePath:instancePath+"/workers",schemaPath:"#/properties/workers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256",schema:256,parentSchema:schema11.properties.workers,data:data56};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
if(data56 < 1 || isNaN(data56)){
const err148 = {instancePath:instancePath+"/workers",schemaPath:"#/properties/workers/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.workers,data:data56};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
}
if(data.operation !== undefined){
let data57 = data.operation;
if(data57 && typeof data57 == "object" && !Array.isArray(data57)){
if(data57.port === undefined){
const err149 = {instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/required",keyword:"required",params:{missingProperty: "port"},message:"must have required property '"+"port"+"'",schema:schema11.properties.operation.required,parentSchema:schema11.properties.operation,data:data57};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
for(const key10 in data57){
if(!((key10 === "address") || (key10 === "port"))){
const err150 = {instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.operation,data:data57};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(data57.address !== undefined){
let data58 = data57.address;
if(typeof data58 !== "string"){
const err151 = {instancePath:instancePath+"/operation/address",schemaPath:"#/properties/operation/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.operation.properties.address.type,parentSchema:schema11.properties.operation.properties.address,data:data58};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
if(data57.port !== undefined){
let data59 = data57.port;
if(!(((typeof data59 == "number") && (!(data59 % 1) && !isNaN(data59))) && (isFinite(data59)))){
const err152 = {instancePath:instancePath+"/operation/port",schemaPath:"#/properties/operation/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.operation.properties.port.type,parentSchema:schema11.properties.operation.properties.port,data:data59};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
if((typeof data59 == "number") && (isFinite(data59))){
if(data59 > 65535 || isNaN(data59)){
const err153 = {instancePath:instancePath+"/operation/port",schemaPath:"#/properties/operation/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema11.properties.operation.properties.port,data:data59};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(data59 < 0 || isNaN(data59)){
const err154 = {instancePath:instancePath+"/operation/port",schemaPath:"#/properties/operation/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema11.properties.operation.properties.port,data:data59};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
}
}
else {
const err155 = {instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.operation.type,parentSchema:schema11.properties.operation,data:data57};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
if(data.publish !== undefined){
let data60 = data.publish;
if(data60 && typeof data60 == "object" && !Array.isArray(data60)){
if(data60.listen === undefined){
const err156 = {instancePath:instancePath+"/publish",schemaPath:"#/properties/publish/required",keyword:"required",params:{missingProperty: "listen"},message:"must have required property '"+"listen"+"'",schema:schema11.properties.publish.required,parentSchema:schema11.properties.publish,data:data60};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
for(const key11 in data60){
if(!((((key11 === "listen") || (key11 === "nameServers")) || (key11 === "answers")) || (key11 === "total"))){
const err157 = {instancePath:instancePath+"/publish",schemaPath:"#/properties/publish/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.publish,data:data60};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
if(data60.listen !== undefined){
let data61 = data60.listen;
if(Array.isArray(data61)){
if(data61.length > 16){
const err158 = {instancePath:instancePath+"/publish/listen",schemaPath:"#/properties/publish/properties/listen/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema11.properties.publish.properties.listen,data:data61};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
if(data61.length < 1){
const err159 = {instancePath:instancePath+"/publish/listen",schemaPath:"#/properties/publish/properties/listen/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.publish.properties.listen,data:data61};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
const len5 = data61.length;
for(let i5=0; i5<len5; i5++){
let data62 = data61[i5];
if(typeof data62 === "string"){
if(func3(data62) < 1){
const err160 = {instancePath:instancePath+"/publish/listen/" + i5,schemaPath:"#/properties/publish/properties/listen/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.publish.properties.listen.items,data:data62};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
else {
const err161 = {instancePath:instancePath+"/publish/listen/" + i5,schemaPath:"#/properties/publish/properties/listen/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.publish.properties.listen.items.type,parentSchema:schema11.properties.publish.properties.listen.items,data:data62};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
else {
const err162 = {instancePath:instancePath+"/publish/listen",schemaPath:"#/properties/publish/properties/listen/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.publish.properties.listen.type,parentSchema:schema11.properties.publish.properties.listen,data:data61};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
if(data60.nameServers !== undefined){
let data63 = data60.nameServers;
if(Array.isArray(data63)){
if(data63.length > 16){
const err163 = {instancePath:instancePath+"/publish/nameServers",schemaPath:"#/properties/publish/properties/nameServers/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items",schema:16,parentSchema:schema11.properties.publish.properties.nameServers,data:data63};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
const len6 = data63.length;
for(let i6=0; i6<len6; i6++){
let data64 = data63[i6];
if(typeof data64 === "string"){
if(func3(data64) < 1){
const err164 = {instancePath:instancePath+"/publish/nameServers/" + i6,schemaPath:"#/properties/publish/properties/nameServers/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.publish.properties.nameServers.items,data:data64};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
else {
const err165 = {instancePath:instancePath+"/publish/nameServers/" + i6,schemaPath:"#/properties/publish/properties/nameServers/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.publish.properties.nameServers.items.type,parentSchema:schema11.properties.publish.properties.nameServers.items,data:data64};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
}
else {
const err166 = {instancePath:instancePath+"/publish/nameServers",schemaPath:"#/properties/publish/properties/nameServers/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.publish.properties.nameServers.type,parentSchema:schema11.properties.publish.properties.nameServers,data:data63};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
if(data60.answers !== undefined){
let data65 = data60.answers;
if(!(((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65))) && (isFinite(data65)))){
const err167 = {instancePath:instancePath+"/publish/answers",schemaPath:"#/properties/publish/properties/answers/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.publish.properties.answers.type,parentSchema:schema11.properties.publish.properties.answers,data:data65};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
if((typeof data65 == "number") && (isFinite(data65))){
if(data65 > 1000000 || isNaN(data65)){
const err168 = {instancePath:instancePath+"/publish/answers",schemaPath:"#/properties/publish/properties/answers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000",schema:1000000,parentSchema:schema11.properties.publish.properties.answers,data:data65};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if(data65 < 1 || isNaN(data65)){
const err169 = {instancePath:instancePath+"/publish/answers",schemaPath:"#/properties/publish/properties/answers/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.publish.properties.answers,data:data65};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
}
if(data60.total !== undefined){
let data66 = data60.total;
if(!(((typeof data66 == "number") && (!(data66 % 1) && !isNaN(data66))) && (isFinite(data66)))){
const err170 = {instancePath:instancePath+"/publish/total",schemaPath:"#/properties/publish/properties/total/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.publish.properties.total.type,parentSchema:schema11.properties.publish.properties.total,data:data66};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
if((typeof data66 == "number") && (isFinite(data66))){
if(data66 > 10000000 || isNaN(data66)){
const err171 = {instancePath:instancePath+"/publish/total",schemaPath:"#/properties/publish/properties/total/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000000},message:"must be <= 10000000",schema:10000000,parentSchema:schema11.properties.publish.properties.total,data:data66};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
if(data66 < 1 || isNaN(data66)){
const err172 = {instancePath:instancePath+"/publish/total",schemaPath:"#/properties/publish/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.publish.properties.total,data:data66};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
}
}
else {
const err173 = {instancePath:instancePath+"/publish",schemaPath:"#/properties/publish/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.publish.type,parentSchema:schema11.properties.publish,data:data60};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
if(data.log !== undefined){
let data67 = data.log;
const _errs159 = errors;
let valid31 = true;
const _errs160 = errors;
if(typeof data67 !== "string"){
const err174 = {};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
var _valid3 = _errs160 === errors;
errors = _errs159;
if(vErrors !== null){
if(_errs159){
vErrors.length = _errs159;
}
else {
vErrors = null;
}
}
let ifClause2;
if(_valid3){
const _errs162 = errors;
if(!((data67 === "decisions") || (data67 === "quiet"))){
const err175 = {instancePath:instancePath+"/log",schemaPath:"#/properties/log/then/enum",keyword:"enum",params:{allowedValues: schema11.properties.log.then.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.log.then.enum,parentSchema:schema11.properties.log.then,data:data67};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
var _valid3 = _errs162 === errors;
valid31 = _valid3;
ifClause2 = "then";
}
else {
const _errs163 = errors;
if(data67 && typeof data67 == "object" && !Array.isArray(data67)){
if(data67.level === undefined){
const err176 = {instancePath:instancePath+"/log",schemaPath:"#/properties/log/else/required",keyword:"required",params:{missingProperty: "level"},message:"must have required property '"+"level"+"'",schema:schema11.properties.log.else.required,parentSchema:schema11.properties.log.else,data:data67};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
for(const key12 in data67){
if(!(((key12 === "level") || (key12 === "identities")) || (key12 === "accounts"))){
const err177 = {instancePath:instancePath+"/log",schemaPath:"#/properties/log/else/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.log.else,data:data67};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
if(data67.level !== undefined){
let data68 = data67.level;
if(!(((data68 === "decisions") || (data68 === "rejections")) || (data68 === "quiet"))){
const err178 = {instancePath:instancePath+"/log/level",schemaPath:"#/properties/log/else/properties/level/enum",keyword:"enum",params:{allowedValues: schema11.properties.log.else.properties.level.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.log.else.properties.level.enum,parentSchema:schema11.properties.log.else.properties.level,data:data68};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
if(data67.identities !== undefined){
let data69 = data67.identities;
if(!((data69 === "masked") || (data69 === "shown"))){
const err179 = {instancePath:instancePath+"/log/identities",schemaPath:"#/properties/log/else/properties/identities/enum",keyword:"enum",params:{allowedValues: schema11.properties.log.else.properties.identities.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.log.else.properties.identities.enum,parentSchema:schema11.properties.log.else.properties.identities,data:data69};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
if(data67.accounts !== undefined){
let data70 = data67.accounts;
if(typeof data70 !== "boolean"){
const err180 = {instancePath:instancePath+"/log/accounts",schemaPath:"#/properties/log/else/properties/accounts/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema11.properties.log.else.properties.accounts.type,parentSchema:schema11.properties.log.else.properties.accounts,data:data70};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
}
else {
const err181 = {instancePath:instancePath+"/log",schemaPath:"#/properties/log/else/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.log.else.type,parentSchema:schema11.properties.log.else,data:data67};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
var _valid3 = _errs163 === errors;
valid31 = _valid3;
ifClause2 = "else";
}
if(!valid31){
const err182 = {instancePath:instancePath+"/log",schemaPath:"#/properties/log/if",keyword:"if",params:{failingKeyword: ifClause2},message:"must match \""+ifClause2+"\" schema",schema:schema11.properties.log.if,parentSchema:schema11.properties.log,data:data67};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
}
else {
const err183 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.type,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
